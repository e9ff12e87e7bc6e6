package dev.asyncops.http;

import static java.util.stream.Collectors.joining;

import dev.asyncops.async.ErrorCode;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;

/** What the framework refuses, in our words: its own could name its classes. */
final class FrameworkProblems {

  private FrameworkProblems() {}

  /** The problem for a status below 500. */
  static Problem of(HttpStatusCode status, HttpMethod method, String instance) {
    return switch (status.value()) {
      case 404 ->
          problem(404, ErrorCode.NOT_FOUND.name(), "There is nothing at this address.", instance);
      case 405 ->
          problem(
              FrameworkCode.METHOD_NOT_ALLOWED,
              "%s is not allowed here.".formatted(method),
              instance);
      case 412 ->
          problem(
              FrameworkCode.PRECONDITION_FAILED,
              "The operation has changed: If-Match names no revision that it has now.",
              instance);
      case 413 ->
          problem(413, ErrorCode.MESSAGE_TOO_LARGE.name(), "The body is too large.", instance);
      case 415 ->
          problem(
              FrameworkCode.UNSUPPORTED_MEDIA_TYPE,
              "The body must be %s.".formatted(MediaType.APPLICATION_JSON),
              instance);
      default ->
          problem(
              status.value(),
              ErrorCode.INVALID_ARGUMENT.name(),
              "The request, or its body, is missing something or malformed.",
              instance);
    };
  }

  /** The problem for a client that accepts none of these. */
  static Problem notAcceptable(List<MediaType> types, String instance) {
    String offered = types.stream().map(MediaType::toString).sorted().collect(joining(" or "));
    return problem(
        FrameworkCode.NOT_ACCEPTABLE, "The answer would be %s.".formatted(offered), instance);
  }

  private static Problem problem(FrameworkCode code, String detail, String instance) {
    return problem(code.status(), code.name(), detail, instance);
  }

  private static Problem problem(int status, String code, String detail, String instance) {
    return Problem.of(status, code, detail, instance, null, List.of());
  }
}
