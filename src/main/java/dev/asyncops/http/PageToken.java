package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.registry.OperationId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/**
 * Where the next page of a list begins, opaque to clients: the id of the last operation shown, and
 * a digest of the filters, so that a token works with its own query only. It keeps nothing in the
 * service and never expires.
 */
final class PageToken {

  private static final int ID_BYTES = 16;
  private static final int DIGEST_BYTES = 16;

  private PageToken() {}

  /** The token for what comes after this operation, under these filters. */
  static String of(OperationId last, String filters) {
    byte[] token =
        ByteBuffer.allocate(ID_BYTES + DIGEST_BYTES)
            .putLong(last.value().getMostSignificantBits())
            .putLong(last.value().getLeastSignificantBits())
            .put(digest(filters))
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** The operation after which a page begins; ProblemException INVALID_ARGUMENT. */
  static OperationId parse(String text, String filters) {
    byte[] token = decode(text);
    if (token.length != ID_BYTES + DIGEST_BYTES) {
      throw refused("pageToken is not one of ours.");
    }
    if (!Arrays.equals(digest(filters), Arrays.copyOfRange(token, ID_BYTES, token.length))) {
      throw refused("pageToken belongs to another query.");
    }
    ByteBuffer id = ByteBuffer.wrap(token);
    return OperationId.parse(new UUID(id.getLong(), id.getLong()).toString())
        .orElseThrow(() -> refused("pageToken is not one of ours."));
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static byte[] digest(String filters) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(filters.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(whole, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(ErrorCode.INVALID_ARGUMENT, detail);
  }
}
