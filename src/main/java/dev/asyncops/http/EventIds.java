package dev.asyncops.http;

import dev.asyncops.registry.OperationId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes and reads the ids of the events of one stream: {@code <epoch>-<position>}. The epoch is
 * another one for each operation and after each start of the service, so that an id from elsewhere
 * is known as foreign.
 */
record EventIds(String epoch) {

  /** The position of a client that comes for the first time. */
  static final long NONE = -1;

  /** The position of a client that was told something else. */
  static final long FOREIGN = -2;

  private static final Pattern ID = Pattern.compile("([0-9a-f]{8})-(\\d{1,18})");

  /** Ids of the events of all operations. */
  static EventIds ofService(int seed) {
    return of(seed);
  }

  /** Ids of the events of one operation. */
  static EventIds ofOperation(int seed, OperationId operation) {
    return of(31 * seed + operation.hashCode());
  }

  private static EventIds of(int seed) {
    return new EventIds("%08x".formatted(seed));
  }

  String at(long position) {
    return epoch + '-' + position;
  }

  /** Reads {@code Last-Event-ID}: a position, {@link #NONE} or {@link #FOREIGN}. */
  long position(@Nullable String lastEventId) {
    if (lastEventId == null || lastEventId.isBlank()) {
      return NONE;
    }
    Matcher id = ID.matcher(lastEventId.strip());
    return id.matches() && id.group(1).equals(epoch) ? Long.parseLong(id.group(2)) : FOREIGN;
  }
}
