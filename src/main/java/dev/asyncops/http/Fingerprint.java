package dev.asyncops.http;

import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.Submission;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two starts ask for the same: SHA-256 of the path, the request with its defaults
 * filled in and all its paths, the labels and the user data.
 *
 * <p>It is of what was asked for, not of the bytes that came: white space, the order of members and
 * of labels, how a character is escaped, and a default that is written out, change nothing. The
 * order of an array and the digits of a number do.
 */
final class Fingerprint {

  private Fingerprint() {}

  /** The fingerprint of a start, in hexadecimal digits. */
  static String of(String path, Submission submission) {
    MessageDigest digest = sha256();
    add(digest, path);
    add(digest, submission.request().text());
    if (submission.input() != null) {
      add(digest, submission.input());
    }
    add(digest, Json.text(new TreeMap<>(submission.labels())).text());
    add(digest, sorted(submission.userData()));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The fingerprint of a start of which its path says all. */
  static String of(String path) {
    MessageDigest digest = sha256();
    add(digest, path);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** What an upload consists of is told by the digest in its request. */
  private static void add(MessageDigest digest, OperationInput input) {
    if (input.manifest() == null) {
      add(digest, input.json().text());
    }
    for (ManifestChunk chunk : input.chunks()) {
      add(digest, chunk.root());
      digest.update(chunk.paths());
    }
  }

  /** A zero byte, which is in none of them, keeps them apart. */
  private static void add(MessageDigest digest, String part) {
    digest.update(part.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static String sorted(@Nullable JsonText userData) {
    return userData == null ? "" : Json.sorted(userData);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has it", e);
    }
  }
}
