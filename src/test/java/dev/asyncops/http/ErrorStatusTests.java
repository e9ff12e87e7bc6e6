package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorStatusTests {

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, 400",
    "PERMISSION_DENIED, 403",
    "READ_ONLY, 403",
    "NOT_FOUND, 404",
    "EXISTS, 409",
    "NOT_EMPTY, 409",
    "BUSY, 409",
    "PENDING, 409",
    "CLOSED, 409",
    "SOURCE_CHANGED, 409",
    "CANCELLED, 410",
    "MESSAGE_TOO_LARGE, 413",
    "IS_DIRECTORY, 422",
    "NOT_DIRECTORY, 422",
    "NOT_REGULAR_FILE, 422",
    "FILENAME_TOO_LONG, 422",
    "WOULD_RECURSE, 422",
    "INVALID_DATA, 422",
    "QUEUE_FULL, 429",
    "FAILED, 500",
    "VERIFY_FAILED, 500",
    "NOT_SUPPORTED, 501",
    "HOST_UNREACHABLE, 502",
    "NETWORK_UNREACHABLE, 502",
    "CONNECTION_REFUSED, 502",
    "CONNECTION_CLOSED, 502",
    "NOT_MOUNTED, 503",
    "TOO_MANY_OPEN_FILES, 503",
    "DRAINING, 503",
    "INTERRUPTED, 503",
    "STORE_UNAVAILABLE, 503",
    "TIMED_OUT, 504",
    "NO_SPACE, 507",
  })
  void status_isTheContracts(ErrorCode code, int status) {
    assertThat(ErrorStatus.of(code)).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyCode_isAnError(ErrorCode code) {
    assertThat(ErrorStatus.of(code)).isBetween(400, 599);
  }

  @Test
  void title_isTheCodeInWords() {
    Problem problem = Problem.of(507, "NO_SPACE", "Full.", "/x", null, List.of());

    assertThat(problem.title()).isEqualTo("No space");
    assertThat(problem.errors()).isNull();
  }
}
