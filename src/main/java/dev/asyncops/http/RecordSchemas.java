package dev.asyncops.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.asyncops.registry.JsonText;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes JSON schemas of records as {@link Json} reads and writes them.
 *
 * <ul>
 *   <li>A member of an answer is required unless null leaves it out; one of a request only if its
 *       {@code @Schema} says so, for null means the default.
 *   <li>Requests take no other members; answers may get more.
 *   <li>Records and enums are defined once, by name, and referred to.
 * </ul>
 *
 * <p><b>Threads</b>: one at a time.
 */
final class RecordSchemas {

  private static final String REFERENCE = "#/components/schemas/";

  private final BiConsumer<String, Schema<?>> definitions;
  private final Set<String> defined = new HashSet<>();

  /** Schemas whose definitions go there. */
  RecordSchemas(BiConsumer<String, Schema<?>> definitions) {
    this.definitions = definitions;
  }

  /** A reference to what is defined under this name. */
  static Schema<?> reference(String name) {
    return new JsonSchema().$ref(REFERENCE + name);
  }

  /** A schema for values of one type. */
  static Schema<?> typed(String type) {
    return new JsonSchema().typesItem(type);
  }

  /** A schema for a JSON number, or text, in a format. */
  private static Schema<?> typed(String type, String format) {
    return typed(type).format(format);
  }

  /** What a record or an enum is called in the description. */
  static String nameOf(Class<?> type) {
    var annotation = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    if (annotation != null && !annotation.name().isEmpty()) {
      return annotation.name();
    }
    String suffix = JsonBody.class.isAssignableFrom(type) ? "Request" : "";
    return type.getSimpleName().replaceFirst("Body$", suffix);
  }

  /** A reference to the schema of a record or an enum, which is defined now if it was not. */
  Schema<?> of(Class<?> type) {
    String name = nameOf(type);
    if (defined.add(name)) {
      definitions.accept(name, type.isRecord() ? ofRecord(type) : ofEnum(type));
    }
    return reference(name);
  }

  private static Schema<?> ofEnum(Class<?> type) {
    JsonSchema schema = new JsonSchema();
    schema.typesItem("string");
    Arrays.stream(type.getEnumConstants()).map(Object::toString).forEach(schema::addEnumItemObject);
    return schema;
  }

  private Schema<?> ofRecord(Class<?> type) {
    boolean isRequest = JsonBody.class.isAssignableFrom(type);
    Schema<?> schema = typed("object");
    for (RecordComponent component : type.getRecordComponents()) {
      schema.addProperty(component.getName(), ofComponent(component, isRequest));
      if (isRequired(component, isRequest)) {
        schema.addRequiredItem(component.getName());
      }
    }
    if (isRequest) {
      schema.setAdditionalProperties(false);
    }
    return schema;
  }

  private static boolean isRequired(RecordComponent component, boolean isRequest) {
    return isRequest
        ? isMarkedRequired(component)
        : !component.getAccessor().isAnnotationPresent(JsonInclude.class);
  }

  private static boolean isMarkedRequired(RecordComponent component) {
    var annotation = annotation(component.getAccessor());
    return annotation != null && annotation.requiredMode() == RequiredMode.REQUIRED;
  }

  private static io.swagger.v3.oas.annotations.media.@Nullable Schema annotation(
      AnnotatedElement element) {
    return element.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
  }

  private Schema<?> ofComponent(RecordComponent component, boolean isRequest) {
    Schema<?> schema = ofType(component.getGenericType());
    var annotation = annotation(component.getAccessor());
    if (annotation != null && !annotation.format().isEmpty()) {
      schema.setFormat(annotation.format());
    }
    boolean mayBeNull =
        component.getAnnotatedType().isAnnotationPresent(Nullable.class)
            && (isRequest
                ? !isMarkedRequired(component)
                : !component.getAccessor().isAnnotationPresent(JsonInclude.class));
    return mayBeNull ? orNull(schema) : schema;
  }

  /** The same, or null. */
  static Schema<?> orNull(Schema<?> schema) {
    if (schema.get$ref() != null) {
      return new JsonSchema().addAnyOfItem(schema).addAnyOfItem(typed("null"));
    }
    return schema.getTypes() == null ? schema : schema.typesItem("null");
  }

  /** The same, that cannot be null. */
  static Schema<?> withoutNull(Schema<?> schema) {
    if (schema.getAnyOf() != null) {
      return (Schema<?>) schema.getAnyOf().getFirst();
    }
    return typed(schema.getTypes().iterator().next())
        .format(schema.getFormat())
        .minimum(schema.getMinimum())
        .maximum(schema.getMaximum())
        .minLength(schema.getMinLength())
        .maxLength(schema.getMaxLength());
  }

  private Schema<?> ofType(Type type) {
    return type instanceof ParameterizedType generic
        ? ofContainer((Class<?>) generic.getRawType(), generic.getActualTypeArguments())
        : ofClass((Class<?>) type);
  }

  private Schema<?> ofContainer(Class<?> container, Type[] arguments) {
    if (container == List.class) {
      return typed("array").items(ofType(arguments[0]));
    }
    if (container == Map.class) {
      Schema<?> map = typed("object");
      map.setAdditionalProperties(ofType(arguments[1]));
      if (arguments[0] instanceof Class<?> key && key.isEnum()) {
        map.setPropertyNames(of(key));
      }
      return map;
    }
    throw new IllegalStateException("No schema for " + container);
  }

  private Schema<?> ofClass(Class<?> type) {
    if ((type.isRecord() && type != JsonText.class) || type.isEnum()) {
      return of(type);
    }
    return switch (type.getSimpleName()) {
      case "String" -> typed("string");
      case "boolean", "Boolean" -> typed("boolean");
      case "int", "Integer" -> typed("integer", "int32");
      case "long", "Long" -> typed("integer", "int64");
      case "double", "Double" -> typed("number", "double");
      case "BigDecimal" -> typed("number");
      case "Instant" -> typed("string", "date-time");
      case "JsonText", "JsonNode", "Object" -> new JsonSchema();
      default -> throw new IllegalStateException("No schema for " + type);
    };
  }
}
