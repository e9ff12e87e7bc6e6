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
 * Where the next page of a list begins, opaque to clients: the id of the last operation shown, or
 * another place, and a digest of the filters, so that a token works with its own query only. It
 * keeps nothing in the service and never expires.
 */
final class PageToken {

  private static final int ID_BYTES = 16;
  private static final int DIGEST_BYTES = 16;

  private PageToken() {}

  /** The token for what comes after this operation, under these filters. */
  static String of(OperationId last, String filters) {
    return of(
        ByteBuffer.allocate(ID_BYTES)
            .putLong(last.value().getMostSignificantBits())
            .putLong(last.value().getLeastSignificantBits())
            .array(),
        filters);
  }

  /** The token for a place in a list, in bytes, under these filters. */
  static String of(byte[] place, String filters) {
    byte[] token =
        ByteBuffer.allocate(place.length + DIGEST_BYTES).put(place).put(digest(filters)).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** The operation after which a page begins; ProblemException INVALID_ARGUMENT. */
  static OperationId parse(String text, String filters) {
    ByteBuffer id = parse(text, ID_BYTES, filters);
    return OperationId.parse(new UUID(id.getLong(), id.getLong()).toString())
        .orElseThrow(PageToken::unknown);
  }

  /** The place where a page begins, of so many bytes; ProblemException INVALID_ARGUMENT. */
  static ByteBuffer parse(String text, int length, String filters) {
    byte[] token = decode(text);
    if (token.length != length + DIGEST_BYTES) {
      throw unknown();
    }
    if (!Arrays.equals(digest(filters), Arrays.copyOfRange(token, length, token.length))) {
      throw refused("pageToken belongs to another query.");
    }
    return ByteBuffer.wrap(token, 0, length);
  }

  /** The refusal of what is no token. */
  static ProblemException unknown() {
    return refused("pageToken is not one of ours.");
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
