package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.registry.OperationId;
import dev.asyncops.security.AccessRefusedException;
import dev.asyncops.security.AuditLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.annotation.Order;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;

/**
 * Renders every error as a problem document, ours and the framework's, whatever the client accepts.
 * An error that nobody foresaw is logged and shown without any of its inside.
 */
@Order(ProblemHandler.BEFORE_BOOTS)
public final class ProblemHandler implements WebExceptionHandler {

  /** Boot's own handler, which would render a page, has order -1. */
  static final int BEFORE_BOOTS = -2;

  private static final Logger LOG = System.getLogger(ProblemHandler.class.getName());

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted()) {
      return Mono.error(error);
    }
    if (isNobodyThere(exchange, error)) {
      LOG.log(Level.DEBUG, "{0}The client is gone: {1}", exchange.getLogPrefix(), error);
      return Mono.empty();
    }
    Problem problem = problem(error, exchange, response.getHeaders());
    exchange.getAttributes().put(AuditLog.CODE, problem.code());
    response.setRawStatusCode(problem.status());
    response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    byte[] json = Json.WRITER.writeValueAsBytes(problem);
    response.getHeaders().setCacheControl(CacheControl.noStore());
    response.getHeaders().setContentLength(json.length);
    return response.writeWith(Mono.just(response.bufferFactory().wrap(json)));
  }

  private static boolean isNobodyThere(ServerWebExchange exchange, Throwable error) {
    return DisconnectedClientHelper.isClientDisconnectedException(error)
        || NettyExchange.isAnswered(exchange);
  }

  private static Problem problem(Throwable error, ServerWebExchange exchange, HttpHeaders headers) {
    return switch (error) {
      case ProblemException refusal -> refused(refusal, exchange.getRequest(), headers);
      case AccessRefusedException refusal -> refused(refusal, exchange.getRequest(), headers);
      case ResponseStatusException framework when !framework.getStatusCode().is5xxServerError() ->
          framework(framework, exchange.getRequest(), headers);
      default -> unforeseen(error, exchange);
    };
  }

  private static Problem refused(
      ProblemException refusal, ServerHttpRequest request, HttpHeaders headers) {
    int status = ErrorStatus.of(refusal.code());
    OperationId operation = refusal.operation();
    if (refusal.isLocated() && operation != null) {
      headers.set(HttpHeaders.LOCATION, OperationAnswers.path(request, operation));
    }
    if (saysWhenToAskAgain(status) || refusal.code() == ErrorCode.PENDING) {
      headers.set(HttpHeaders.RETRY_AFTER, OperationAnswers.RETRY_AFTER_SECONDS);
    }
    return Problem.of(
        status,
        refusal.code().name(),
        refusal.detail(),
        instance(request),
        operation == null ? null : operation.toString(),
        refusal.errors());
  }

  private static Problem refused(
      AccessRefusedException refusal, ServerHttpRequest request, HttpHeaders headers) {
    if (refusal.challenge() != null) {
      headers.set(HttpHeaders.WWW_AUTHENTICATE, refusal.challenge());
    }
    return switch (refusal.reason()) {
      case UNKNOWN_CALLER ->
          FrameworkProblems.of(FrameworkCode.UNAUTHENTICATED, refusal.detail(), instance(request));
      case NOT_ALLOWED -> problem(ErrorCode.PERMISSION_DENIED, refusal.detail(), request);
      case UNABLE -> problem(ErrorCode.FAILED, refusal.detail(), request);
    };
  }

  private static Problem problem(ErrorCode code, String detail, ServerHttpRequest request) {
    return Problem.of(
        ErrorStatus.of(code), code.name(), detail, instance(request), null, List.of());
  }

  /** Whether every refusal with this status says when to ask again. */
  static boolean saysWhenToAskAgain(int status) {
    return status == 429 || status == 503;
  }

  private static Problem framework(
      ResponseStatusException error, ServerHttpRequest request, HttpHeaders headers) {
    headers.putAll(error.getHeaders());
    if (error instanceof MethodNotAllowedException) {
      headers.setAllow(allowed(headers.getAllow()));
    }
    if (error instanceof UnsupportedMediaTypeStatusException other
        && request.getMethod().equals(HttpMethod.POST)) {
      headers.set("Accept-Post", MediaType.toString(other.getSupportedMediaTypes()));
    }
    return FrameworkProblems.of(error, request.getMethod(), instance(request));
  }

  /** What is allowed, with the methods that come with GET and with every resource. */
  private static Set<HttpMethod> allowed(Set<HttpMethod> mapped) {
    Set<HttpMethod> allowed = new TreeSet<>(mapped);
    if (allowed.contains(HttpMethod.GET)) {
      allowed.add(HttpMethod.HEAD);
    }
    allowed.add(HttpMethod.OPTIONS);
    return allowed;
  }

  private static Problem unforeseen(Throwable error, ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    LOG.log(
        Level.ERROR,
        "%s%s %s failed."
            .formatted(exchange.getLogPrefix(), request.getMethod(), instance(request)),
        error);
    return Problem.of(
        500,
        ErrorCode.FAILED.name(),
        "The service failed; its log says why.",
        instance(request),
        null,
        List.of());
  }

  private static String instance(ServerHttpRequest request) {
    return Texts.shown(
        ForwardedPrefix.path(request, request.getPath().pathWithinApplication().value()));
  }
}
