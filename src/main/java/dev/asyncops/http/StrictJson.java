package dev.asyncops.http;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * Reads a request body, and says in our own words what is wrong with it: nothing of the parser, and
 * no name of a class, gets out.
 */
final class StrictJson {

  private static final String VIOLATIONS = "violations";

  /** Nobody may send it, and nobody should stumble over it. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private StrictJson() {}

  /**
   * Reads one JSON object.
   *
   * @throws ProblemException INVALID_ARGUMENT, naming all members that are unknown or have an
   *     unknown word as value; or, where reading cannot go on, the place where it ended
   */
  static <T> T read(byte[] json, Class<T> type) {
    return read(textOf(json), type);
  }

  /** The same of a text. */
  static <T> T read(String json, Class<T> type) {
    return read(new StringReader(json), type);
  }

  private static <T> T read(Reader json, Class<T> type) {
    Violations violations = new Violations();
    T body = null;
    try (JsonParser parser = Json.STRICT.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        violations.invalid("", "The body must be a JSON object.");
      } else {
        body = Json.STRICT.readerFor(type).withAttribute(VIOLATIONS, violations).readValue(parser);
        if (parser.nextToken() != null) {
          violations.invalid("", "There is text after the JSON object.");
        }
      }
    } catch (JacksonException e) {
      violations.invalid(pointerOf(e), detailOf(e));
    }
    violations.throwIfAny();
    return Objects.requireNonNull(body);
  }

  /**
   * The text of a body. JSON on the network is UTF-8 (RFC 8259): a parser that is given the bytes
   * would guess UTF-16 and UTF-32 as well, and take a slash in two bytes for a slash.
   */
  private static Reader textOf(byte[] json) {
    int start = Arrays.mismatch(json, BYTE_ORDER_MARK) == BYTE_ORDER_MARK.length ? 3 : 0;
    ByteArrayInputStream bytes = new ByteArrayInputStream(json, start, json.length - start);
    return new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
  }

  private static String pointerOf(JacksonException e) {
    if (isDuplicate(e) && e.processor() instanceof JsonParser parser) {
      return Texts.shown(parser.streamReadContext().pathAsPointer().toString());
    }
    String pointer = "";
    for (JacksonException.Reference step : e.getPath()) {
      String name = step.getPropertyName();
      pointer =
          name == null
              ? FieldError.pointer(pointer, step.getIndex())
              : FieldError.pointer(pointer, name);
    }
    return pointer;
  }

  private static String detailOf(JacksonException e) {
    return switch (e) {
      case InputCoercionException mismatch -> expected(mismatch.getTargetType());
      case StreamConstraintsException _ ->
          "The JSON is nested too deeply, or a number or name in it is too long.";
      case StreamReadException _ when isDuplicate(e) -> "The member is given twice.";
      case MismatchedInputException mismatch -> expected(mismatch.getTargetType());
      case JacksonIOException _ -> "The body is not UTF-8.";
      default -> "The JSON is malformed" + place(e.getLocation()) + ".";
    };
  }

  private static boolean isDuplicate(JacksonException e) {
    return Objects.requireNonNullElse(e.getOriginalMessage(), "").startsWith("Duplicate ");
  }

  private static String place(@Nullable TokenStreamLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String expected(@Nullable Class<?> type) {
    return "Expected " + (type == null ? "another type" : nameOf(type)) + ".";
  }

  private static String nameOf(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(Object::toString)
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "an array";
    }
    if (Map.class.isAssignableFrom(type) || type.isRecord()) {
      return "an object";
    }
    return switch (type.getSimpleName()) {
      case "String" -> "a string";
      case "Boolean", "boolean" -> "true or false";
      case "BigDecimal" -> "a number";
      case "Integer", "int" -> "a whole number of at most 32 bits";
      case "Long", "long" -> "a whole number of at most 64 bits";
      default -> "another type";
    };
  }

  /** Notes what it can and lets reading go on, so that one answer names it all. */
  static final class Collecting extends DeserializationProblemHandler {

    @Override
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser parser,
        ValueDeserializer<?> deserializer,
        Object bodyOrType,
        String name) {
      violations(context)
          .invalid(
              FieldError.pointer("", name),
              "There is no member '%s'.".formatted(Texts.shown(name)));
      parser.skipChildren();
      return true;
    }

    @Override
    public @Nullable Object handleWeirdStringValue(
        DeserializationContext context, Class<?> type, String value, @Nullable String message) {
      String pointer = context.getParser().streamReadContext().pathAsPointer().toString();
      violations(context).invalid(Texts.shown(pointer), expected(type));
      return null;
    }

    private static Violations violations(DeserializationContext context) {
      return (Violations) Objects.requireNonNull(context.getAttribute(VIOLATIONS));
    }
  }
}
