package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.registry.IdempotencyKey;
import dev.asyncops.registry.KeyedRequest;
import dev.asyncops.registry.Submission;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * The key of a start, so that a client that got no answer can ask again: {@code Idempotency-Key}.
 *
 * @param value 1 to 255 visible ASCII characters; null if there is no key
 */
record KeyHeader(@Nullable String value) {

  static final String NAME = "Idempotency-Key";
  static final Pattern VISIBLE = Pattern.compile("[!-~]{1,255}");

  /**
   * The key of a request.
   *
   * @throws ProblemException INVALID_ARGUMENT if it is malformed, or there are several
   */
  static KeyHeader of(ServerHttpRequest request) {
    List<String> lines = request.getHeaders().getOrEmpty(NAME);
    if (lines.size() > 1) {
      throw new ProblemException(
          ErrorCode.INVALID_ARGUMENT, "There is more than one " + NAME + ".");
    }
    if (!lines.isEmpty() && !VISIBLE.matcher(lines.getFirst()).matches()) {
      throw new ProblemException(
          ErrorCode.INVALID_ARGUMENT, NAME + " must have 1 to 255 visible ASCII characters.");
    }
    return new KeyHeader(lines.isEmpty() ? null : lines.getFirst());
  }

  /**
   * A submission with this key, if there is one.
   *
   * @param path what it was posted to
   */
  Submission of(Submission submission, String path) {
    return value == null
        ? submission
        : with(value, submission, path, Fingerprint.of(path, submission));
  }

  /**
   * The same, where the path says all that is asked for: what is submitted may be made of other
   * labels, or of another manifest, each time.
   */
  Submission ofRetry(Submission submission, String path) {
    return value == null ? submission : with(value, submission, path, Fingerprint.of(path));
  }

  private static Submission with(
      String key, Submission submission, String path, String fingerprint) {
    return submission.with(
        new KeyedRequest(new IdempotencyKey(submission.createdBy(), path, key), fingerprint));
  }

  /** Tells the client whether it was answered with what an earlier start had led to. */
  void applyTo(ServerWebExchange exchange, boolean replayed) {
    if (replayed) {
      exchange.getResponse().getHeaders().set("Idempotency-Replayed", "true");
    }
  }
}
