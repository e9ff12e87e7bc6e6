package dev.asyncops.http;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The description of the API as a judge of answers: of their status, headers, type and body. It
 * remembers what it has seen.
 */
final class ApiContract {

  private static final Set<String> HEADERS =
      Set.of(
          "Location",
          "Retry-After",
          "ETag",
          "Preference-Applied",
          "Idempotency-Replayed",
          "Link",
          "WWW-Authenticate");

  private final SchemaRegistry schemas = SchemaRegistry.withDialect(Dialects.getDraft202012());
  private final JsonNode description;
  private final Set<String> unseen = new TreeSet<>();

  ApiContract(JsonNode description) {
    this.description = description;
    for (Map.Entry<String, JsonNode> path : description.get("paths").properties()) {
      for (JsonNode operation : path.getValue()) {
        operation
            .get("responses")
            .forEachEntry((status, answer) -> unseen.addAll(names(operation, status, answer)));
      }
    }
  }

  /** What is described and was not seen: {@code operationId status type}. */
  Set<String> unseen() {
    return unseen;
  }

  /** The addresses, and what may be done there. */
  Set<Map.Entry<String, JsonNode>> paths() {
    return description.get("paths").properties();
  }

  /** The operation of this id. */
  JsonNode operation(String id) {
    for (JsonNode path : description.get("paths")) {
      for (JsonNode operation : path) {
        if (operation.get("operationId").asString().equals(id)) {
          return operation;
        }
      }
    }
    throw new AssertionError("There is no operation " + id);
  }

  /** The schema of this name. */
  JsonNode schema(String name) {
    return description.at("/components/schemas/" + name);
  }

  /** An answer to this operation, which is as described. */
  Answer judge(String id, Answer answer) {
    JsonNode operation = operation(id);
    String status = Integer.toString(answer.status());
    JsonNode described = operation.at("/responses/" + status);
    check(described.isObject(), id + " does not answer with " + answer);
    judgeHeaders(described.path("headers"), answer);
    String type = answer.header("Content-Type").replaceFirst(";.*", "");
    if (type.isEmpty() && answer.text().isEmpty()) {
      check(described.path("content").isMissingNode(), id + " answers with something");
    } else {
      JsonNode content = described.path("content").path(type);
      check(content.isObject(), id + " does not answer with " + type + ": " + answer);
      judgeBody(content.get("schema"), type, answer);
    }
    unseen.remove(name(id, status, type));
    return answer;
  }

  /** A value that is as a schema says. */
  void judge(JsonNode schema, JsonNode value) {
    ObjectNode whole = ((ObjectNode) schema).deepCopy();
    whole.set("components", description.get("components"));
    Schema judge = schemas.getSchema(whole);
    var errors =
        judge.validate(
            value, context -> context.executionConfig(c -> c.formatAssertionsEnabled(true)));
    check(errors.isEmpty(), errors + " in " + value);
  }

  /** Whether a value is as a schema says. */
  boolean allows(JsonNode schema, JsonNode value) {
    try {
      judge(schema, value);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  private static void judgeHeaders(JsonNode described, Answer answer) {
    described.forEachEntry((name, header) -> {
      boolean isMissing = header.path("required").asBoolean(false) && answer.header(name).isEmpty();
      check(!isMissing, name + " is missing in " + answer);
    });
    for (String name : HEADERS) {
      check(
          answer.header(name).isEmpty() || described.has(name),
          name + " is not described of " + answer);
    }
  }

  private void judgeBody(JsonNode schema, String type, Answer answer) {
    switch (type) {
      case "application/json", "application/problem+json" -> judge(schema, answer.json());
      case "application/x-ndjson" -> {
        for (String line : answer.text().lines().toList()) {
          judge(schema("Item"), new Answer(200, answer.headers(), line).json());
        }
      }
      default -> check(!answer.text().isEmpty(), "nothing is said");
    }
  }

  private static Collection<String> names(JsonNode operation, String status, JsonNode answer) {
    String id = operation.get("operationId").asString();
    return answer.has("content")
        ? answer.get("content").propertyNames().stream()
            .map(type -> name(id, status, type))
            .toList()
        : List.of(name(id, status, ""));
  }

  private static String name(String id, String status, String type) {
    return "%s %s %s".formatted(id, status, type).strip();
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
