package dev.asyncops.http;

import static java.util.stream.Collectors.joining;

import dev.asyncops.async.ErrorCode;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/** What the framework refuses, in our words: its own could name its classes. */
final class FrameworkProblems {

  private FrameworkProblems() {}

  /** The problem for an error with a status below 500. */
  static Problem of(ResponseStatusException error, HttpMethod method, String instance) {
    return switch (error) {
      case NotAcceptableStatusException other ->
          of(
              FrameworkCode.NOT_ACCEPTABLE,
              "The answer would be %s.".formatted(listed(other.getSupportedMediaTypes())),
              instance);
      case UnsupportedMediaTypeStatusException other
          when !other.getSupportedMediaTypes().isEmpty() ->
          unsupported(
              "The body must be %s, in UTF-8.".formatted(listed(other.getSupportedMediaTypes())),
              instance);
      case EncodedBodyException _ ->
          unsupported("The body must be sent as it is, without a Content-Encoding.", instance);
      default -> of(error.getStatusCode(), method, instance);
    };
  }

  private static Problem unsupported(String detail, String instance) {
    return of(FrameworkCode.UNSUPPORTED_MEDIA_TYPE, detail, instance);
  }

  private static String listed(List<MediaType> types) {
    return types.stream().map(MediaType::toString).distinct().sorted().collect(joining(" or "));
  }

  private static Problem of(HttpStatusCode status, HttpMethod method, String instance) {
    return switch (status.value()) {
      case 404 ->
          problem(404, ErrorCode.NOT_FOUND.name(), "There is nothing at this address.", instance);
      case 405 ->
          of(
              FrameworkCode.METHOD_NOT_ALLOWED,
              "%s is not allowed here.".formatted(method),
              instance);
      case 408 -> of(FrameworkCode.TIMED_OUT, "The rest of the body did not come.", instance);
      case 412 ->
          of(
              FrameworkCode.PRECONDITION_FAILED,
              "The operation has changed: If-Match names no revision that it has now.",
              instance);
      case 413 ->
          problem(413, ErrorCode.MESSAGE_TOO_LARGE.name(), "The body is too large.", instance);
      case 415 -> unsupported("The body has a type that is not taken here.", instance);
      default ->
          problem(
              status.value(),
              ErrorCode.INVALID_ARGUMENT.name(),
              "The request, or its body, is missing something or malformed.",
              instance);
    };
  }

  /** The problem for a code. */
  static Problem of(FrameworkCode code, String detail, String instance) {
    return problem(code.status(), code.name(), detail, instance);
  }

  private static Problem problem(int status, String code, String detail, String instance) {
    return Problem.of(status, code, detail, instance, null, List.of());
  }
}
