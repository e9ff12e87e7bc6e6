package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * Reads paths to delete that come as lines, bit by bit: each is judged as one of a JSON body, and
 * told by the number of its line if it is refused. A line that is malformed is INVALID_DATA.
 *
 * <p><b>Threads</b>: one at a time.
 */
final class PathLines {

  /** How a line says its path. */
  enum Format {
    /** A JSON string, or an object with a path: a line of a report of items, too. */
    NDJSON,
    /** The path as it is. */
    TEXT
  }

  /** A line of a report; only the path counts. */
  private record ReportLine(
      @Nullable String path,
      @Nullable String pathBase64,
      @Nullable JsonNode destination,
      @Nullable JsonNode state,
      @Nullable JsonNode code,
      @Nullable JsonNode detail,
      @Nullable JsonNode bytes,
      @Nullable JsonNode sha256) {}

  private final Lines lines = new Lines(this::take);
  private final Format format;
  private final PathRules.Deletable rules;
  private final Consumer<RootPath> paths;

  PathLines(Format format, PathRules rules, Consumer<RootPath> paths) {
    this.format = format;
    this.rules = rules.deletable();
    this.paths = paths;
  }

  /** Takes the bytes that follow; ProblemException at the first line that is refused. */
  void feed(byte[] bytes) {
    lines.feed(bytes);
  }

  /** There are no more bytes. */
  void finish() {
    lines.finish();
  }

  private void take(String line) {
    try {
      paths.accept(format == Format.TEXT ? rules.read(line) : readJson(line));
    } catch (OperationException e) {
      throw e.code() == ErrorCode.INVALID_ARGUMENT
          ? lines.malformed(e.detail())
          : lines.problem(e.code(), e.detail());
    }
  }

  private RootPath readJson(String line) throws OperationException {
    if (isPlainString(line)) {
      return rules.read(line.substring(1, line.length() - 1));
    }
    String json = line.strip();
    return json.startsWith("{") ? readObject(json) : rules.read(readString(json));
  }

  /** A string without escapes is what most lines are. */
  private static boolean isPlainString(String line) {
    int last = line.length() - 1;
    if (last < 1 || line.charAt(0) != '"' || line.charAt(last) != '"') {
      return false;
    }
    for (int i = 1; i < last; i++) {
      char c = line.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private String readString(String json) {
    try (JsonParser parser = Json.STRICT.createParser(json)) {
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw lines.malformed("A line is a JSON string, or an object with a path.");
      }
      String text = parser.getString();
      if (parser.nextToken() != null) {
        throw lines.malformed("There is text after the JSON string.");
      }
      return text;
    } catch (JacksonException e) {
      throw lines.malformed("The JSON is malformed.");
    }
  }

  private RootPath readObject(String json) throws OperationException {
    ReportLine object;
    try {
      object = StrictJson.read(json, ReportLine.class);
    } catch (ProblemException e) {
      String where = e.errors().isEmpty() ? "" : e.errors().getFirst().pointer();
      throw lines.malformed(where.isEmpty() ? e.detail() : where + ": " + e.detail());
    }
    String path = object.path();
    if (path == null) {
      throw lines.malformed("It has no path.");
    }
    return object.pathBase64() == null
        ? rules.read(path)
        : rules.read(path, bytes(object.pathBase64()));
  }

  private byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw lines.malformed("Its pathBase64 is not Base64.");
    }
  }
}
