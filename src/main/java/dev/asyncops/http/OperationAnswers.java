package dev.asyncops.http;

import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationSnapshot;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** What goes with an operation in an answer: where it is, which revision, when to ask again. */
final class OperationAnswers {

  /** How long a client should wait before it asks again, in seconds. */
  static final String RETRY_AFTER_SECONDS = "1";

  private OperationAnswers() {}

  /** The path of an operation as the client asks for it. */
  static String path(ServerHttpRequest request, OperationId id) {
    return ForwardedPrefix.path(request, "/ops/" + id);
  }

  /** An operation that was read; 304 if the client has this revision already. */
  static ResponseEntity<OperationBody> read(OperationSnapshot operation, IfNoneMatch known) {
    if (known.matches(operation)) {
      return ResponseEntity.status(HttpStatus.NOT_MODIFIED)
          .eTag(tagOf(operation))
          .cacheControl(CacheControl.noCache())
          .build();
    }
    return answer(ResponseEntity.ok(), operation);
  }

  /** An operation that was asked to stop: 202 while it winds down. */
  static ResponseEntity<OperationBody> cancelled(OperationSnapshot operation) {
    return answer(ResponseEntity.status(operation.state().isTerminal() ? 200 : 202), operation);
  }

  /** An operation that was started: 200 only for a client that waited and saw its end. */
  static ResponseEntity<OperationBody> started(
      OperationSnapshot operation, WaitPreference wait, ServerHttpRequest request) {
    boolean sawEnd = wait.isPresent() && operation.state().isTerminal();
    return answer(
        ResponseEntity.status(sawEnd ? 200 : 202)
            .location(URI.create(path(request, operation.id()))),
        operation);
  }

  /** An operation that was changed. */
  static ResponseEntity<OperationBody> changed(OperationSnapshot operation) {
    return answer(ResponseEntity.ok(), operation);
  }

  private static ResponseEntity<OperationBody> answer(
      BodyBuilder answer, OperationSnapshot operation) {
    if (!operation.state().isTerminal()) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return answer
        .eTag(tagOf(operation))
        .cacheControl(CacheControl.noCache())
        .body(OperationBody.of(operation));
  }

  /**
   * Leads to the next page of a list (RFC 8288).
   *
   * @param next its address in this service; null if there is none
   */
  static void linkNext(HttpHeaders headers, @Nullable String next, ServerHttpRequest request) {
    if (next != null) {
      String address = ForwardedPrefix.path(request, next);
      headers.set(HttpHeaders.LINK, "<%s>; rel=\"next\"".formatted(address));
    }
  }

  /** The entity tag: one revision, one answer. */
  static String tagOf(OperationSnapshot operation) {
    return '"' + Long.toString(operation.revision()) + '"';
  }
}
