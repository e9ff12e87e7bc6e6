package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.async.ErrorCode;
import org.junit.jupiter.api.Test;

class ViolationsTests {

  private final Violations violations = new Violations();

  @Test
  void nothingWrong_isNotRefused() {
    assertThatCode(violations::throwIfAny).doesNotThrowAnyException();
  }

  @Test
  void oneViolation_isTheDetail() {
    violations.add(ErrorCode.READ_ONLY, "/a", "It is read-only.");

    ProblemException refusal = refusal();

    assertThat(refusal.code()).isEqualTo(ErrorCode.READ_ONLY);
    assertThat(refusal.detail()).isEqualTo("It is read-only.");
    assertThat(refusal.errors()).containsExactly(new FieldError("/a", "It is read-only."));
  }

  @Test
  void whatIsMalformed_decidesTheCode() {
    violations.add(ErrorCode.PERMISSION_DENIED, "/a", "No.");
    violations.invalid("/b", "Nonsense.");
    violations.add(ErrorCode.WOULD_RECURSE, "/c", "Round and round.");

    assertThat(refusal().code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void otherwiseTheFirstDecides() {
    violations.add(ErrorCode.PERMISSION_DENIED, "/a", "No.");
    violations.add(ErrorCode.READ_ONLY, "/b", "No.");

    assertThat(refusal().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void noMoreAreKeptThanAnybodyReads() {
    for (int i = 0; i < 1_000; i++) {
      violations.add(ErrorCode.READ_ONLY, "/" + i, "No.");
    }
    violations.invalid("/last", "Nonsense.");

    assertThat(violations.isFull()).isTrue();
    assertThat(refusal().errors()).hasSize(Violations.MAX);
    assertThat(refusal().code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  private ProblemException refusal() {
    return catchThrowableOfType(ProblemException.class, violations::throwIfAny);
  }
}
