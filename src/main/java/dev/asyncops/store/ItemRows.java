package dev.asyncops.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.registry.ItemBlock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Outcomes of items as rows of the table {@code item_blocks}, some hundreds to a row. */
final class ItemRows {

  /** What {@link #read} needs. */
  static final String COLUMNS = "number, state, items";

  /**
   * One item, without the state that it has in common with its block. Members may be added; what is
   * null or 0 is left out.
   */
  @JsonInclude(Include.NON_DEFAULT)
  private record Item(
      String path,
      @Nullable String pathBase64,
      @Nullable String destination,
      @Nullable ErrorCode code,
      @Nullable String detail,
      long bytes,
      @Nullable String sha256) {

    static Item of(ItemResult item) {
      return new Item(
          item.path(),
          item.pathBase64(),
          item.destination(),
          item.code(),
          item.detail(),
          item.bytes(),
          item.sha256());
    }

    ItemResult in(ItemState state) {
      return new ItemResult(path, pathBase64, destination, state, code, detail, bytes, sha256);
    }
  }

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private static final ObjectWriter WRITER = JSON.writerFor(Item[].class);
  private static final ObjectReader READER = JSON.readerFor(Item[].class);

  private ItemRows() {}

  static String items(ItemBlock block) {
    return WRITER.writeValueAsString(block.items().stream().map(Item::of).toArray(Item[]::new));
  }

  static ItemBlock read(ResultSet row) throws SQLException {
    ItemState state = ItemState.valueOf(row.getString("state"));
    Item[] items = READER.readValue(row.getString("items"));
    return new ItemBlock(
        row.getLong("number"), state, List.of(items).stream().map(item -> item.in(state)).toList());
  }
}
