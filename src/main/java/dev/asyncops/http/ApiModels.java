package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.operations.ConnectResult;
import dev.asyncops.operations.CopyResult;
import dev.asyncops.operations.DeleteBatchResult;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Completes the schemas of requests and answers by what the records alone do not tell. */
final class ApiModels {

  /** What a kind of operation shows as its request and its result. */
  private record Kind(String name, Class<?> request, Class<?> result) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(OperationKinds.COPY, CopyEcho.class, CopyResult.class),
          new Kind(OperationKinds.DELETE_BATCH, DeleteBatchEcho.class, DeleteBatchResult.class),
          new Kind(OperationKinds.CONNECT, ConnectEcho.class, ConnectResult.class));

  private final ApiTexts texts;
  private final RecordSchemas schemas;
  private final DefinedSchemas defined;

  ApiModels(ApiTexts texts, RecordSchemas schemas, DefinedSchemas defined) {
    this.texts = texts;
    this.schemas = schemas;
    this.defined = defined;
  }

  /** Completes them all. */
  void complete() {
    schemas.of(CopyBody.class);
    schemas.of(DeleteBatchBody.class);
    schemas.of(ConnectBody.class);
    schemas.of(PatchBody.class);
    schemas.of(OperationBody.class);
    schemas.of(Problem.class);
    problem();
    operation();
    result();
    new ApiRequests(defined).describe();
    defined.forEach(this::tell);
  }

  private void problem() {
    Schema<?> code = defined.member(Problem.class, "code");
    Stream.concat(Arrays.stream(ErrorCode.values()), Arrays.stream(FrameworkCode.values()))
        .map(Enum::name)
        .distinct()
        .sorted()
        .forEach(((JsonSchema) code)::addEnumItemObject);
  }

  /** What an operation was asked for, and led to, depends on its kind. */
  private void operation() {
    Schema<?> kind = defined.member(OperationBody.class, "kind");
    OperationKinds.ALL.forEach(((JsonSchema) kind)::addEnumItemObject);
    Schema<?> request = defined.member(OperationBody.class, "request").typesItem("object");
    request.setAdditionalProperties(true);
    Schema<?> result = defined.member(OperationBody.class, "result").typesItem("object");
    result.typesItem("null").setAdditionalProperties(true);
    Schema<?> operation = defined.of(OperationBody.class);
    for (Kind each : KINDS) {
      operation.addAllOfItem(ofKind(each));
    }
  }

  private Schema<?> ofKind(Kind kind) {
    Schema<?> result = RecordSchemas.orNull(schemas.of(kind.result()));
    return new JsonSchema()
        ._if(new JsonSchema().addProperty("kind", new JsonSchema()._const(kind.name())))
        .then(
            new JsonSchema()
                .addProperty("request", schemas.of(kind.request()))
                .addProperty("result", result));
  }

  private void result() {
    Schema<?> result = new JsonSchema();
    KINDS.forEach(kind -> result.addAnyOfItem(schemas.of(kind.result())));
    result.addAnyOfItem(schemas.of(OperationResult.Counts.class));
    defined.define("Result", result);
  }

  private void tell(String name, Schema<?> schema) {
    texts.find("schema." + name).ifPresent(schema::setDescription);
    DefinedSchemas.forEachMember(
        schema,
        (member, value) ->
            texts.find(name + "." + member, "member." + member).ifPresent(value::setDescription));
  }
}
