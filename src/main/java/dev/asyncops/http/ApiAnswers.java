package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The answers of the API: successes as the controllers tell them, and problems by their codes. */
final class ApiAnswers {

  private static final String JSON = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;
  private static final String PROBLEM =
      org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

  private static final List<String> STREAMS =
      List.of(
          org.springframework.http.MediaType.TEXT_EVENT_STREAM_VALUE,
          org.springframework.http.MediaType.TEXT_PLAIN_VALUE);

  private final ApiTexts texts;

  ApiAnswers(ApiTexts texts) {
    this.texts = texts;
  }

  /**
   * All answers of an operation.
   *
   * @param read what its controller tells: one answer
   */
  ApiResponses of(String id, ApiOperation operation, ApiResponses read) {
    Content told = read.values().iterator().next().getContent();
    Content content = told == null ? streams() : content(id, told);
    ApiResponses answers = new ApiResponses();
    operation
        .successes()
        .forEach((status, headers) ->
            answers.addApiResponse(
                status.toString(),
                success(id, status, headers, status == 204 || status == 304 ? null : content)));
    operation
        .problems()
        .forEach((status, codes) ->
            answers.addApiResponse(
                status.toString(), problem(status, codes, operation.refusesAfterWaiting())));
    return answers;
  }

  private ApiResponse success(
      String id, int status, List<ApiHeader> headers, @Nullable Content content) {
    ApiResponse answer =
        new ApiResponse()
            .description(texts.get("%s.%d".formatted(id, status), "status.%d".formatted(status)))
            .content(content);
    headers.forEach(header -> answer.addHeaderObject(header.name(), header(header)));
    return answer;
  }

  /** JSON first; what is no JSON is text. */
  private static Content content(String id, Content read) {
    Content content = new Content();
    if (read.containsKey(JSON)) {
      MediaType json = read.get(JSON);
      content.addMediaType(
          JSON, id.equals("getResult") ? json.schema(RecordSchemas.reference("Result")) : json);
    }
    read.keySet().stream()
        .filter(type -> !type.equals(JSON))
        .sorted()
        .forEach(type ->
            content.addMediaType(type, new MediaType().schema(RecordSchemas.typed("string"))));
    return content;
  }

  /** What is written without the framework, which so knows nothing of it. */
  private static Content streams() {
    Content content = new Content();
    for (String type : STREAMS) {
      content.addMediaType(type, new MediaType().schema(RecordSchemas.typed("string")));
    }
    return content;
  }

  private ApiResponse problem(int status, Set<String> codes, boolean afterWaiting) {
    Schema<?> code = new JsonSchema();
    codes.forEach(((JsonSchema) code)::addEnumItemObject);
    Schema<?> schema =
        new JsonSchema()
            .addAllOfItem(RecordSchemas.reference(RecordSchemas.nameOf(Problem.class)))
            .addAllOfItem(
                new JsonSchema()
                    .addProperty("code", code)
                    .addProperty("status", new JsonSchema()._const(status)));
    ApiResponse answer =
        new ApiResponse()
            .description("`" + String.join("`, `", codes) + "`")
            .content(new Content().addMediaType(PROBLEM, new MediaType().schema(schema)));
    if (afterWaiting) {
      ApiHeader applied = ApiHeader.maybe("Preference-Applied");
      answer.addHeaderObject(applied.name(), header(applied));
    }
    headersOf(status, codes)
        .forEach(header -> answer.addHeaderObject(header.name(), header(header)));
    return answer;
  }

  private static List<ApiHeader> headersOf(int status, Set<String> codes) {
    if (status == FrameworkCode.UNAUTHENTICATED.status()) {
      return List.of(ApiHeader.always("WWW-Authenticate"));
    }
    if (status == ErrorStatus.of(ErrorCode.PERMISSION_DENIED)) {
      return List.of(ApiHeader.maybe("WWW-Authenticate"));
    }
    if (ProblemHandler.saysWhenToAskAgain(status)) {
      return List.of(ApiHeader.always("Retry-After"));
    }
    return codes.contains(ErrorCode.PENDING.name())
        ? List.of(ApiHeader.maybe("Location"), ApiHeader.maybe("Retry-After"))
        : List.of();
  }

  private Header header(ApiHeader header) {
    boolean isNumber = header.name().equals("Retry-After");
    Header described =
        new Header()
            .description(texts.get("header." + header.name()))
            .schema(RecordSchemas.typed(isNumber ? "integer" : "string"));
    return header.isRequired() ? described.required(true) : described;
  }
}
