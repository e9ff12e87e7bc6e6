package dev.asyncops.http;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.core.type.TypeReference;

/** Bodies of requests that work: by operation, by media type, by name. */
final class ApiExamples {

  private static final String NDJSON = org.springframework.http.MediaType.APPLICATION_NDJSON_VALUE;

  private static final List<String> JSON_FIRST =
      List.of(
          org.springframework.http.MediaType.APPLICATION_JSON_VALUE,
          PatchBody.MERGE_PATCH,
          NDJSON,
          org.springframework.http.MediaType.TEXT_PLAIN_VALUE);

  private final Map<String, Map<String, Map<String, Object>>> examples = load();

  /** Adds those of an operation to its body, if it has one. */
  void addTo(Operation operation) {
    RequestBody body = operation.getRequestBody();
    if (body == null) {
      return;
    }
    body.setRequired(true);
    Map<String, Map<String, Object>> byType =
        examples.getOrDefault(operation.getOperationId(), Map.of());
    Content content = new Content();
    for (String type : JSON_FIRST) {
      MediaType read = body.getContent().get(type);
      if (read != null || byType.containsKey(type)) {
        content.addMediaType(type, described(type, read, byType.getOrDefault(type, Map.of())));
      }
    }
    body.setContent(content);
  }

  private static MediaType described(
      String type, @Nullable MediaType read, Map<String, Object> named) {
    MediaType described =
        read != null && type.endsWith("json") && !type.equals(NDJSON)
            ? new MediaType().schema(read.getSchema())
            : new MediaType().schema(RecordSchemas.typed("string"));
    Map<String, Example> all = new LinkedHashMap<>();
    named.forEach((name, value) -> all.put(name, new Example().value(value)));
    return described.examples(all.isEmpty() ? null : all);
  }

  private static Map<String, Map<String, Map<String, Object>>> load() {
    try (InputStream json =
        new ClassPathResource("openapi-examples.json", ApiExamples.class).getInputStream()) {
      return Json.WRITER.readValue(json, new TypeReference<>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
