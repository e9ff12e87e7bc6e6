package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.async.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class KeyHeaderTests {

  @Test
  void none_isNoKey() {
    assertThat(of()).isEqualTo(new KeyHeader(null));
  }

  @ParameterizedTest
  @MethodSource
  void visibleCharacters_areAKey(String value) {
    assertThat(of(value)).isEqualTo(new KeyHeader(value));
  }

  static List<String> visibleCharacters_areAKey() {
    return List.of("a", "!~", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "a,b", "x".repeat(255));
  }

  @ParameterizedTest
  @MethodSource
  void anythingElse_isRefused(String value) {
    assertThat(refusal(value).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  static List<String> anythingElse_isRefused() {
    return List.of("", "a b", "a\tb", "é", "\u007f", "x".repeat(256));
  }

  @Test
  void several_areRefused_alsoTheSameTwice() {
    assertThat(refusal("a", "b").code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refusal("a", "a").code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  private static ProblemException refusal(String... values) {
    return catchThrowableOfType(ProblemException.class, () -> of(values));
  }

  private static KeyHeader of(String... values) {
    MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.get("/ops/copy");
    return KeyHeader.of(request.header("Idempotency-Key", values).build());
  }
}
