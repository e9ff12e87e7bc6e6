package dev.asyncops.http;

import dev.asyncops.async.ItemState;
import dev.asyncops.registry.OperationState;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.Parameter.StyleEnum;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The parameters of the API, each defined once and referred to by its name here. */
final class ApiParameters {

  /** Stands for the options of an upload. */
  static final String UPLOAD = "upload";

  private static final String UPLOAD_PREFIX = "upload.";

  private final ApiTexts texts;
  private final DefinedSchemas defined;
  private final RecordSchemas schemas;
  private final Map<String, Parameter> all = new LinkedHashMap<>();

  /** All parameters, defined in these components, which have the schemas of requests already. */
  ApiParameters(
      ApiTexts texts, Components components, RecordSchemas schemas, DefinedSchemas defined) {
    this.texts = texts;
    this.defined = defined;
    this.schemas = schemas;
    define();
    all.forEach(components::addParameters);
  }

  /** References to what an operation may be given. */
  List<Parameter> of(ApiOperation operation) {
    return operation.parameters().stream()
        .flatMap(name ->
            name.equals(UPLOAD)
                ? all.keySet().stream().filter(key -> key.startsWith(UPLOAD_PREFIX))
                : Stream.of(name))
        .map(name -> new Parameter().$ref("#/components/parameters/" + name))
        .toList();
  }

  private void define() {
    add("id", "path", "id", RecordSchemas.typed("string").format("uuid")).required(true);
    add("Prefer", "header", "Prefer", RecordSchemas.typed("string")).example("wait=10");
    String key = KeyHeader.VISIBLE.pattern();
    add(
        KeyHeader.NAME,
        "header",
        KeyHeader.NAME,
        RecordSchemas.typed("string").pattern("^" + key + "$"));
    add("If-Match", "header", "If-Match", RecordSchemas.typed("string")).example("\"42\"");
    add("If-None-Match", "header", "If-None-Match", RecordSchemas.typed("string"))
        .example("\"42\"");
    add("pageSize", "query", "pageSize", pageSize());
    add("pageToken", "query", "pageToken", RecordSchemas.typed("string"));
    add("operationState", "query", "state", words(schemas.of(OperationState.class)));
    add("itemState", "query", "state", words(schemas.of(ItemState.class)));
    Schema<?> kind = RecordSchemas.typed("string");
    OperationKinds.ALL.forEach(((JsonSchema) kind)::addEnumItemObject);
    add("kind", "query", "kind", words(kind));
    add("labels", "query", "labels", labels());
    add("createdAfter", "query", "createdAfter", time());
    add("createdBefore", "query", "createdBefore", time());
    add("Last-Event-ID", "header", "Last-Event-ID", RecordSchemas.typed("string"));
    Schema<?> columns = RecordSchemas.typed("integer").format("int32").minimum(BigDecimal.ZERO);
    columns.setDefault(Columns.DEFAULT);
    add("columns", "query", "columns", columns);
    options();
  }

  private void options() {
    TreeSet<String> names = new TreeSet<>(UploadOptions.TEXTS);
    names.addAll(UploadOptions.VALUES);
    for (String name : names) {
      Schema<?> member = defined.member(DeleteBatchBody.class, name);
      add(UPLOAD_PREFIX + name, "query", name, RecordSchemas.withoutNull(member))
          .description(texts.get("parameter.upload") + " " + member.getDescription());
    }
    add(UPLOAD_PREFIX + UploadOptions.USER_DATA, "query", "userData", RecordSchemas.typed("string"))
        .example("{\"ticket\":7}");
    add(UPLOAD_PREFIX + "labels", "query", "labels", labels());
  }

  private Parameter add(String key, String in, String name, Schema<?> schema) {
    boolean isList = schema.getTypes() != null && schema.getTypes().contains("array");
    boolean isMap = schema.getTypes() != null && schema.getTypes().contains("object");
    Parameter parameter =
        new Parameter()
            .in(in)
            .name(name)
            .description(texts.get("parameter." + key, "parameter." + name, "parameter.upload"))
            .schema(schema);
    if (isList || isMap) {
      parameter.style(StyleEnum.FORM).explode(isMap);
    }
    all.put(key, parameter);
    return parameter;
  }

  private static Schema<?> words(Schema<?> word) {
    return RecordSchemas.typed("array").items(word);
  }

  private static Schema<?> time() {
    return RecordSchemas.typed("string").format("date-time");
  }

  private static Schema<?> pageSize() {
    Schema<?> size = RecordSchemas.typed("integer").format("int32").minimum(BigDecimal.ONE);
    size.setDefault(ListParameters.DEFAULT_PAGE_SIZE);
    return size;
  }

  /** Any number of parameters, whose names begin in the same way. */
  private static Schema<?> labels() {
    Schema<?> labels = RecordSchemas.typed("object");
    labels.setAdditionalProperties(RecordSchemas.typed("string"));
    labels.setPropertyNames(
        RecordSchemas.typed("string")
            .pattern("^" + ListParameters.LABEL.replace(".", "\\.") + ".*"));
    labels.setExample(Map.of(ListParameters.LABEL + "team", "a"));
    return labels;
  }
}
