package dev.asyncops.http;

import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.List;

/** The limits and defaults of the members of requests, as the code has them. */
final class ApiRequests {

  private final DefinedSchemas schemas;

  /** Those of the schemas of requests. */
  ApiRequests(DefinedSchemas schemas) {
    this.schemas = schemas;
  }

  /** Writes them into the schemas. */
  void describe() {
    copy();
    deleteBatch();
    connect();
    patch();
  }

  private void copy() {
    start(CopyBody.class);
    setDefault(CopyBody.class, "onConflict", CopyStart.DEFAULT_ON_CONFLICT.name());
    setDefault(CopyBody.class, "verify", CopyStart.DEFAULT_VERIFY.name());
    setDefault(CopyBody.class, "durability", CopyStart.DEFAULT_DURABILITY.name());
    setDefault(
        CopyBody.class,
        "preserve",
        CopyStart.DEFAULT_PRESERVE.stream().map(String::valueOf).toList());
    member(CopyBody.class, "include").maxItems(Globs.MAX_GLOBS);
    member(CopyBody.class, "exclude").maxItems(Globs.MAX_GLOBS);
  }

  private void deleteBatch() {
    start(DeleteBatchBody.class);
    member(DeleteBatchBody.class, "batch").minLength(1).maxLength(DeleteBatchStart.MAX_NAME);
  }

  private void connect() {
    start(ConnectBody.class);
    member(ConnectBody.class, "maxBytes")
        .minimum(BigDecimal.ONE)
        .maximum(whole(ConnectStart.MAX_BYTES));
    setDefault(ConnectBody.class, "maxBytes", ConnectStart.DEFAULT_BYTES);
    setDefault(ConnectBody.class, "connectTimeoutSeconds", ConnectStart.DEFAULT_TIMEOUT);
    setDefault(ConnectBody.class, "readTimeoutSeconds", ConnectStart.DEFAULT_TIMEOUT);
    timeout(ConnectBody.class, "connectTimeoutSeconds");
    timeout(ConnectBody.class, "readTimeoutSeconds");
  }

  private void start(Class<?> request) {
    setDefault(request, "priority", CommonOptions.DEFAULT_PRIORITY.name());
    setDefault(request, "report", CommonOptions.DEFAULT_REPORT.name());
    member(request, "bytesPerSecond").minimum(BigDecimal.ONE);
    timeout(request, "timeoutSeconds");
    Schema<?> labels = member(request, "labels").maxProperties(LabelRules.MAX_LABELS);
    labels.setAdditionalProperties(RecordSchemas.typed("string").maxLength(LabelRules.MAX_VALUE));
    labels.setPropertyNames(
        RecordSchemas.typed("string").minLength(1).maxLength(LabelRules.MAX_KEY));
    DefinedSchemas.forEachMember(
        schemas.of(request),
        (_, member) -> {
          if (member.getTypes() != null && member.getTypes().contains("boolean")) {
            member.setDefault(false);
          }
        });
  }

  /** Members that are judged by their own rules, with null for the default. */
  private void patch() {
    for (String name : List.of("priority", "bytesPerSecond")) {
      replace(name, schemas.member(CopyBody.class, name));
    }
    replace("paused", RecordSchemas.typed("boolean").typesItem("null"));
    Schema<?> labels = RecordSchemas.typed("object").typesItem("null");
    labels.setAdditionalProperties(
        RecordSchemas.typed("string").typesItem("null").maxLength(LabelRules.MAX_VALUE));
    replace("labels", labels);
  }

  private void replace(String name, Schema<?> schema) {
    schemas.of(PatchBody.class).addProperty(name, schema);
  }

  private void timeout(Class<?> request, String name) {
    member(request, name).minimum(Timeouts.MIN).maximum(Timeouts.MAX);
  }

  private void setDefault(Class<?> request, String name, Object value) {
    member(request, name).setDefault(value);
  }

  private Schema<?> member(Class<?> request, String name) {
    return schemas.member(request, name);
  }

  private static BigDecimal whole(int number) {
    return BigDecimal.valueOf(number);
  }
}
