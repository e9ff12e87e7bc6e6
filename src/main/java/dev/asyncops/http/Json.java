package dev.asyncops.http;

import dev.asyncops.registry.JsonText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** The two mappers of the service: one that forgives nothing, and one that writes. */
final class Json {

  /** Writes answers: members in the order of the records, nulls shown, times in RFC 3339. */
  static final JsonMapper WRITER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .addModule(new SimpleModule().addSerializer(JsonText.class, new WrittenBefore()))
          .build();

  /**
   * Reads requests: no coercion, no duplicate and no unknown members, enums as written; numbers of
   * user data keep every digit.
   */
  static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // StrictJson looks itself
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .withCoercionConfigDefaults(
              defaults -> defaults.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
          .addModule(new SimpleModule().addDeserializer(String.class, new StrictString()))
          .addHandler(new StrictJson.Collecting())
          .build();

  private static final ObjectWriter SORTED =
      WRITER.rebuild().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build().writer();

  private Json() {}

  /** Writes a value once, to be kept and shown as it is. */
  static JsonText text(Object value) {
    return new JsonText(WRITER.writeValueAsString(value));
  }

  /** The same value, with the members of all its objects in one order. */
  static String sorted(JsonText json) {
    return SORTED.writeValueAsString(STRICT.readTree(json.text()));
  }

  /** Passes on what is JSON already. */
  private static final class WrittenBefore extends StdSerializer<JsonText> {

    WrittenBefore() {
      super(JsonText.class);
    }

    @Override
    public void serialize(JsonText value, JsonGenerator json, SerializationContext context) {
      json.writeRawValue(value.text());
    }
  }

  /**
   * Takes a JSON string and nothing else. The one that comes with Jackson makes strings of numbers,
   * and inside a list it would take {@code ["a"]} for {@code "a"}.
   */
  private static final class StrictString extends StdScalarDeserializer<String> {

    StrictString() {
      super(String.class);
    }

    @Override
    public @Nullable String deserialize(JsonParser parser, DeserializationContext context) {
      return parser.hasToken(JsonToken.VALUE_STRING)
          ? parser.getString()
          : (String) context.handleUnexpectedToken(getValueType(context), parser);
    }
  }
}
