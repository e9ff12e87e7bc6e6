package dev.asyncops.operations;

import dev.asyncops.files.RootPath;
import java.time.Duration;
import java.util.Objects;

/**
 * What a connect operation is to do; the defaults are the HTTP contract's.
 *
 * @param addressFile the file that names the peer
 * @param connectTimeout how long connecting may take
 * @param readTimeout how long the message may take
 * @param maxBytes how much of the message is read, 1 to 65536
 */
public record ConnectRequest(
    RootPath addressFile, Duration connectTimeout, Duration readTimeout, int maxBytes) {

  /** The most bytes a message may have. */
  public static final int MAX_BYTES = 65536;

  /** Checks the ranges; {@link IllegalArgumentException} outside them. */
  public ConnectRequest {
    Objects.requireNonNull(addressFile, "addressFile");
    if (!connectTimeout.isPositive() || !readTimeout.isPositive()) {
      throw new IllegalArgumentException("Time-outs are positive.");
    }
    if (maxBytes < 1 || maxBytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "maxBytes is 1 to %d, not %d.".formatted(MAX_BYTES, maxBytes));
    }
  }
}
