package dev.asyncops.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The options of a delete-batch as query parameters: the members of its JSON body but the paths,
 * judged by the same rules. Labels are {@code label.<key>=<value>}, user data is JSON text.
 */
final class UploadOptions {

  static final String LABEL = "label.";
  static final String USER_DATA = "userData";
  static final Set<String> TEXTS = Set.of("batch", "priority", "report");
  static final Set<String> VALUES =
      Set.of(
          "recursive", "ignoreMissing", "failFast", "dryRun", "bytesPerSecond", "timeoutSeconds");

  private UploadOptions() {}

  /** Reads them; ProblemException, naming what is unknown, given twice, or no such value. */
  static DeleteBatchBody read(Map<String, List<String>> parameters) {
    Violations violations = new Violations();
    ObjectNode body = Json.STRICT.createObjectNode();
    parameters.forEach((name, values) -> {
      if (values.size() != 1) {
        invalid(name, "The query parameter '%s' is given twice.", violations);
      } else {
        String value = values.getFirst() == null ? "" : values.getFirst();
        put(name, value, body, violations);
      }
    });
    violations.throwIfAny();
    return StrictJson.read(Json.WRITER.writeValueAsString(body), DeleteBatchBody.class);
  }

  private static void put(String name, String value, ObjectNode body, Violations violations) {
    if (TEXTS.contains(name)) {
      body.put(name, value);
    } else if (name.startsWith(LABEL)) {
      body.withObjectProperty("labels").put(name.substring(LABEL.length()), value);
    } else if (VALUES.contains(name)) {
      JsonNode read = json(value);
      body.set(name, read.isMissingNode() ? body.stringNode(value) : read); // judged later on
    } else if (name.equals(USER_DATA)) {
      JsonNode read = json(value);
      if (read.isMissingNode()) {
        invalid(name, "The query parameter '%s' has to be JSON.", violations);
      } else {
        body.set(name, read);
      }
    } else {
      invalid(name, "There is no query parameter '%s'.", violations);
    }
  }

  private static void invalid(String name, String detail, Violations violations) {
    violations.invalid(FieldError.pointer("", name), detail.formatted(Texts.shown(name)));
  }

  /** One value of JSON; missing if the text is anything else. */
  private static JsonNode json(String text) {
    try (JsonParser parser = Json.STRICT.createParser(text)) {
      JsonNode value = Json.STRICT.readTree(parser);
      return value != null && parser.nextToken() == null ? value : Json.STRICT.missingNode();
    } catch (JacksonException e) {
      return Json.STRICT.missingNode();
    }
  }
}
