package dev.asyncops.http;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.List;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * Completes what is read from the controllers to the description of the API: what is told, limits,
 * parameters, headers, problems and examples. All numbers, words and codes are the code's own.
 */
public final class ApiDescription implements OpenApiCustomizer {

  private static final String VERSION = "1";
  private static final String TOKEN = "token";
  private static final List<String> TAGS = List.of("start", "watch", "control");

  /** What the description begins with. Its server is a path, so that it survives any proxy. */
  public static OpenAPI beginning() {
    return new OpenAPI()
        .info(
            new Info()
                .title("asyncops")
                .version(VERSION)
                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
        .servers(List.of(new Server().url("/")));
  }

  @Override
  public void customise(OpenAPI api) {
    ApiTexts texts = new ApiTexts();
    api.getInfo().setDescription(texts.get("api"));
    api.setTags(
        TAGS.stream()
            .map(tag -> new Tag().name(tag).description(texts.get("tag." + tag)))
            .toList());
    Components components = api.getComponents();
    components.addSecuritySchemes(
        TOKEN,
        new SecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme("bearer")
            .description(texts.get("security." + TOKEN)));
    api.setSecurity(List.of(new SecurityRequirement().addList(TOKEN), new SecurityRequirement()));
    DefinedSchemas defined = new DefinedSchemas(components);
    RecordSchemas schemas = new RecordSchemas(defined::define);
    new ApiModels(texts, schemas, defined).complete();
    ApiAnswers answers = new ApiAnswers(texts);
    ApiParameters parameters = new ApiParameters(texts, components, schemas, defined);
    ApiExamples examples = new ApiExamples();
    api.getPaths()
        .values()
        .forEach(path ->
            path.readOperations()
                .forEach(operation -> describe(operation, texts, parameters, answers, examples)));
    defined.tidy();
    inOrder(api);
  }

  private static void describe(
      Operation operation,
      ApiTexts texts,
      ApiParameters parameters,
      ApiAnswers answers,
      ApiExamples examples) {
    String id = operation.getOperationId();
    ApiOperation described = ApiOperations.ALL.get(id);
    if (described == null) {
      throw new IllegalStateException("Nothing is told of the operation " + id);
    }
    operation.setDescription(texts.get(id));
    operation.setTags(List.of(texts.get(id + ".tag")));
    operation.setParameters(parameters.of(described));
    operation.setResponses(answers.of(id, described, operation.getResponses()));
    examples.addTo(operation);
  }

  /** The same description each time, whatever order the controllers come in. */
  private static void inOrder(OpenAPI api) {
    Paths paths = new Paths();
    new TreeMap<>(api.getPaths()).forEach(paths::addPathItem);
    api.setPaths(paths);
  }
}
