package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Netty refuses with a bare status, in our words. */
final class NettyProblems {

  /** What Netty says was asked for where it could not read that. */
  private static final String UNREADABLE = "/bad-request";

  /** What a problem says then: it has to say something. */
  private static final String NOWHERE = "/";

  private NettyProblems() {}

  /**
   * The problem for a status.
   *
   * @param request that is refused; null if there is none
   * @param isBodyBroken whether it is refused for what came after its head
   */
  static Problem of(int status, @Nullable HttpRequest request, boolean isBodyBroken) {
    return Problem.of(
        status,
        (status < 500 ? ErrorCode.INVALID_ARGUMENT : ErrorCode.FAILED).name(),
        detail(status, request, isBodyBroken),
        instance(request),
        null,
        List.of());
  }

  private static String detail(int status, @Nullable HttpRequest request, boolean isBodyBroken) {
    return switch (status) {
      case 400 -> isBodyBroken ? "The body is not framed as HTTP/1.1 has it." : malformed(request);
      case 414 -> "The address is too long.";
      case 431 -> "The headers are too long.";
      default ->
          status < 500 ? "The request is malformed." : "The service failed; its log says why.";
    };
  }

  private static String malformed(@Nullable HttpRequest request) {
    if (request == null) {
      return "That is not HTTP/1.1.";
    }
    if (request.decoderResult().isSuccess()) {
      return "The address is malformed: a percent sign has two hexadecimal digits after it, and"
          + " what is no letter, digit or reserved sign is written so.";
    }
    return request.decoderResult().cause() instanceof MalformedTargetException
        ? "The address must be a path that begins with a slash, or all of an http address; it has"
            + " no fragment."
        : "The first line or a header is not as HTTP/1.1 has it.";
  }

  private static String instance(@Nullable HttpRequest request) {
    if (request == null || request.uri().equals(UNREADABLE)) {
      return NOWHERE;
    }
    String path = Texts.shown(request.uri().replaceFirst("[?#].*", ""));
    return path.isEmpty() ? NOWHERE : path;
  }
}
