package dev.asyncops.http;

import dev.asyncops.async.Priority;
import dev.asyncops.registry.Submission.Report;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of a start: its own members, and those of every start. A member that is null was absent,
 * or null, and means its default.
 */
sealed interface StartBody extends JsonBody permits CopyBody, DeleteBatchBody, ConnectBody {

  /** How soon it starts, by name only; DEFAULT unless given. */
  @Nullable Priority priority();

  /** The limit for its bytes, 1 or more; none unless given. */
  @Nullable Long bytesPerSecond();

  /** How long it may run once started; for ever unless given. */
  @Nullable BigDecimal timeoutSeconds();

  /** At most 16, keys of 1 to 63 characters, values of at most 255. */
  @Nullable Map<String, @Nullable String> labels();

  /** Any JSON of at most 4 KiB, given back unread. */
  @Nullable JsonNode userData();

  /** Which items are kept for the report; FAILURES unless given. */
  @Nullable Report report();
}
