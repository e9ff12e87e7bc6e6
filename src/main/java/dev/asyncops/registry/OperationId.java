package dev.asyncops.registry;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of an operation: a UUIDv7 (RFC 9562), which sorts by the time it was made and is never
 * used again.
 *
 * @param value the UUID; version 7, variant 2
 */
public record OperationId(UUID value) implements Comparable<OperationId> {

  private static final Pattern TEXT =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

  /** Reads an id as {@link #toString} writes it; empty if the text is anything else. */
  public static Optional<OperationId> parse(String text) {
    return TEXT.matcher(text).matches()
        ? Optional.of(new OperationId(UUID.fromString(text)))
        : Optional.empty();
  }

  /** The least id of a millisecond, counted from the epoch: a bound for those made since then. */
  static OperationId firstOf(long epochMillis) {
    return new OperationId(new UUID(epochMillis << 16 | 0x7000, 0x8000_0000_0000_0000L));
  }

  /** When the id was made, to the millisecond. */
  public Instant time() {
    return Instant.ofEpochMilli(value.getMostSignificantBits() >>> 16);
  }

  /** By time, then by what follows it; unsigned, unlike {@link UUID#compareTo}. */
  @Override
  public int compareTo(OperationId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
