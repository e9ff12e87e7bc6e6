package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every example in the description of the API is as the schema next to it says. The document is the
 * one that is served; {@link ApiContractIntegrationTests} sees to that.
 */
class ApiExamplesTests {

  private static final JsonNode DESCRIPTION = read(Path.of("src/docs/openapi.json"));
  private static final ApiContract CONTRACT = new ApiContract(DESCRIPTION);

  /**
   * One of them.
   *
   * @param place a JSON pointer to what it is an example of
   */
  record Example(String place, JsonNode schema, JsonNode value) {

    @Override
    public String toString() {
      return place;
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void example_isAsItsSchemaSays(Example example) {
    CONTRACT.judge(example.schema(), example.value());
  }

  /** Else a schema that allows everything, or is not looked at, would do. */
  @ParameterizedTest
  @MethodSource("bodies")
  void exampleOfABody_withATypo_isNot(Example example) {
    ObjectNode typo = ((ObjectNode) example.value()).deepCopy();
    typo.put("failFsat", true);

    assertThat(CONTRACT.allows(example.schema(), typo)).isFalse();
  }

  @Test
  void examples_areFound_whereverTheyMayBe() {
    JsonNode document =
        JsonMapper.shared()
            .readTree(
                """
                {"parameters": {"a": {"schema": {"type": "string"}, "example": 1}},
                 "content": {"x/y": {"schema": {}, "examples": {"b": {"value": 2}}}},
                 "schemas": [{"example": {"example": 3}}, {"examples": [4, 5]},
                             {"properties": {"example": {"example": 6}, "examples": {}}}]}\
                """);

    assertThat(examplesIn(document))
        .extracting(example -> example.place() + " " + example.value())
        .containsExactly(
            "/parameters/a 1",
            "/content/x~1y 2",
            "/schemas/0 {\"example\":3}",
            "/schemas/1 4",
            "/schemas/1 5",
            "/schemas/2/properties/example 6");
  }

  static List<Example> examples() {
    return examplesIn(DESCRIPTION);
  }

  static List<Example> bodies() {
    return examples().stream()
        .filter(example -> example.place().contains("requestBody") && example.value().isObject())
        .toList();
  }

  // ---- Looking for them

  private static List<Example> examplesIn(JsonNode document) {
    List<Example> found = new ArrayList<>();
    lookAt(document, "", found);
    return found;
  }

  private static void lookAt(JsonNode node, String place, List<Example> found) {
    if (!place.endsWith("/properties")) { // there they are names of members
      values(node).forEach(value -> found.add(new Example(place, schemaOf(node), value)));
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      boolean isExample = member.getKey().matches("examples?") && !place.endsWith("/properties");
      if (!isExample) {
        String name = member.getKey().replace("~", "~0").replace("/", "~1");
        lookAt(member.getValue(), place + "/" + name, found);
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      lookAt(node.get(i), place + "/" + i, found);
    }
  }

  /** Those of a parameter, a header or a media type have names; those of a schema have none. */
  private static List<JsonNode> values(JsonNode node) {
    List<JsonNode> values = new ArrayList<>();
    if (node.has("example")) {
      values.add(node.get("example"));
    }
    for (JsonNode each : node.path("examples")) {
      values.add(node.get("examples").isObject() ? each.get("value") : each);
    }
    return values;
  }

  /** What has no schema is one. */
  private static JsonNode schemaOf(JsonNode node) {
    return node.path("schema").isObject() ? node.get("schema") : node;
  }

  private static JsonNode read(Path document) {
    try {
      return JsonMapper.shared().readTree(Files.readString(document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
