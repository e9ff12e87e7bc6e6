package dev.asyncops.http;

import dev.asyncops.async.ItemResult;
import dev.asyncops.registry.ItemBlock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;

/** Writes the outcomes of items as lines, in UTF-8. */
final class ItemLines {

  private static final String COLUMNS =
      "path,destination,state,code,detail,bytes,sha256,pathBase64\r\n";

  private static final ObjectWriter JSON =
      Json.WRITER.writerFor(ItemBody.class).withRootValueSeparator("\n");

  private ItemLines() {}

  /** JSON, an item a line. */
  static byte[] json(ItemBlock block) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (SequenceWriter writer = JSON.writeValues(lines)) {
      block.items().forEach(item -> writer.write(ItemBody.of(item)));
    }
    lines.write('\n');
    return lines.toByteArray();
  }

  /** The header of CSV. */
  static byte[] csvHeader() {
    return COLUMNS.getBytes(StandardCharsets.UTF_8);
  }

  /** CSV (RFC 4180), a record an item; null is empty. Nothing is added that is not data. */
  static byte[] csv(ItemBlock block) {
    StringBuilder lines = new StringBuilder();
    for (ItemResult item : block.items()) {
      field(item.path(), lines).append(',');
      field(item.destination(), lines).append(',');
      field(item.state(), lines).append(',');
      field(item.code(), lines).append(',');
      field(item.detail(), lines).append(',');
      field(item.bytes(), lines).append(',');
      field(item.sha256(), lines).append(',');
      field(item.pathBase64(), lines).append("\r\n");
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static StringBuilder field(@Nullable Object value, StringBuilder lines) {
    String text = Objects.toString(value, "");
    if (text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')) {
      return lines.append(text);
    }
    return lines.append('"').append(text.replace("\"", "\"\"")).append('"');
  }
}
