package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Gives those a problem document whose request names no address at all, {@code /ops/%zz} say. The
 * framework, which never sees such a request, answers with a bare 400.
 */
public final class MalformedTargets {

  private static final int BAD_REQUEST = 400;

  private MalformedTargets() {}

  /** The same server, whose bare refusals are problems. */
  public static HttpServer explained(HttpServer server) {
    return server.mapHandle(
        (handling, connection) -> handling.then(Mono.defer(() -> explain(connection))));
  }

  private static Mono<Void> explain(Connection connection) {
    return connection instanceof HttpServerResponse response
            && connection instanceof HttpServerRequest request
            && !response.hasSentHeaders()
            && response.status().code() == BAD_REQUEST
        ? send(response, request)
        : Mono.empty();
  }

  private static Mono<Void> send(HttpServerResponse response, HttpServerRequest request) {
    Problem problem =
        Problem.of(
            BAD_REQUEST,
            ErrorCode.INVALID_ARGUMENT.name(),
            "The address is malformed: a percent sign has two hexadecimal digits after it, and"
                + " what is no letter, digit or reserved sign is written so.",
            Texts.shown(request.uri().replaceFirst("\\?.*", "")),
            null,
            List.of());
    byte[] json = Json.WRITER.writeValueAsBytes(problem);
    response
        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header(HttpHeaders.CONTENT_LENGTH, String.valueOf(json.length));
    return request.method().equals(HttpMethod.HEAD)
        ? response.send()
        : response.sendByteArray(Mono.just(json)).then();
  }
}
