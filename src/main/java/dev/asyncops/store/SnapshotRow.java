package dev.asyncops.store;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.Priority;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationError;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationSnapshot.Progress;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.RootSet;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** An operation as a row of the table {@code operations}. */
final class SnapshotRow {

  /** What {@link #read} needs, in any order. */
  static final String COLUMNS =
      "id, kind, state, revision, created_by, roots, expire_time, request, labels, user_data, snapshot,"
          + " result, mark";

  private static final int ID_BYTES = 16;

  /**
   * What changes with every snapshot and is only read with all of it: the column {@code snapshot}.
   * Members may be added; a missing one is null or 0.
   */
  private record Document(
      @Nullable String phase,
      long pending,
      long toStart,
      long total,
      boolean totalExact,
      long succeeded,
      long failed,
      long skipped,
      long cancelled,
      Progress progress,
      Priority priority,
      @Nullable Long bytesPerSecond,
      boolean paused,
      @Nullable Double timeoutSeconds,
      int attempt,
      @Nullable Instant startTime,
      Instant updateTime,
      @Nullable Instant endTime,
      @Nullable Instant cancelRequestTime,
      @Nullable OperationError error,
      List<ItemResult> firstErrors) {

    static Document of(OperationSnapshot operation) {
      return new Document(
          operation.phase(),
          operation.pending(),
          operation.toStart(),
          operation.total(),
          operation.totalExact(),
          operation.succeeded(),
          operation.failed(),
          operation.skipped(),
          operation.cancelled(),
          operation.progress(),
          operation.priority(),
          operation.bytesPerSecond(),
          operation.paused(),
          operation.timeoutSeconds(),
          operation.attempt(),
          operation.startTime(),
          operation.updateTime(),
          operation.endTime(),
          operation.cancelRequestTime(),
          operation.error(),
          operation.firstErrors());
    }
  }

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private static final ObjectReader DOCUMENTS = JSON.readerFor(Document.class);
  private static final ObjectReader LABELS =
      JSON.readerFor(new TypeReference<Map<String, String>>() {});

  private SnapshotRow() {}

  // ---- To the database

  static byte[] id(OperationId id) {
    return id(id.value());
  }

  static byte[] id(UUID id) {
    return ByteBuffer.allocate(ID_BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  static String labels(OperationSnapshot operation) {
    return operation.labels().isEmpty() ? "{}" : JSON.writeValueAsString(operation.labels());
  }

  static String document(OperationSnapshot operation) {
    return JSON.writeValueAsString(Document.of(operation));
  }

  static @Nullable String result(OperationSnapshot operation) {
    return jsonOf(operation.result());
  }

  static @Nullable String mark(OperationSnapshot operation) {
    return jsonOf(operation.mark());
  }

  private static @Nullable String jsonOf(@Nullable Object any) {
    return switch (any) {
      case null -> null;
      case JsonText written -> written.text();
      case Object value -> JSON.writeValueAsString(value);
    };
  }

  // ---- From the database

  static OperationId id(ResultSet row, String column) throws SQLException {
    return new OperationId(uuid(row, column));
  }

  static UUID uuid(ResultSet row, String column) throws SQLException {
    ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(column));
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  static RootSet roots(ResultSet row) throws SQLException {
    return new RootSet(row.getString("roots"));
  }

  static OperationState state(ResultSet row) throws SQLException {
    return OperationState.valueOf(row.getString("state"));
  }

  static @Nullable JsonText json(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? null : new JsonText(text);
  }

  static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  static OperationSnapshot read(ResultSet row) throws SQLException {
    OperationId id = id(row, "id");
    Document rest = DOCUMENTS.readValue(row.getString("snapshot"));
    return new OperationSnapshot(
        id,
        row.getString("kind"),
        state(row),
        rest.phase(),
        row.getLong("revision"),
        rest.pending(),
        rest.toStart(),
        rest.total(),
        rest.totalExact(),
        rest.succeeded(),
        rest.failed(),
        rest.skipped(),
        rest.cancelled(),
        rest.progress(),
        rest.priority(),
        rest.bytesPerSecond(),
        rest.paused(),
        rest.timeoutSeconds(),
        rest.attempt(),
        id.time(),
        rest.startTime(),
        rest.updateTime(),
        rest.endTime(),
        time(row, "expire_time"),
        rest.cancelRequestTime(),
        Objects.requireNonNull(json(row, "request")),
        LABELS.readValue(row.getString("labels")),
        json(row, "user_data"),
        row.getString("created_by"),
        roots(row),
        json(row, "result"),
        rest.error(),
        rest.firstErrors(),
        json(row, "mark"));
  }
}
