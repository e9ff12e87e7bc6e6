package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItemFailuresTests {

  private final ItemFailures failures = new ItemFailures();

  @Test
  void p9_first_keepsTheFirstHundredInOrder() {
    for (int i = 0; i < 150; i++) {
      failures.add(failed("data:" + i, ErrorCode.NOT_FOUND));
    }

    assertThat(failures.first()).hasSize(100);
    assertThat(failures.first().getFirst().path()).isEqualTo("data:0");
    assertThat(failures.first().getLast().path()).isEqualTo("data:99");
  }

  @Test
  void first_givenOutBefore_doesNotChange() {
    failures.add(failed("data:a", ErrorCode.NOT_FOUND));
    List<ItemResult> before = failures.first();

    failures.add(failed("data:b", ErrorCode.NOT_FOUND));

    assertThat(before).hasSize(1);
    assertThat(failures.first()).hasSize(2);
  }

  @Test
  void asError_ofOneItem_isItsError() {
    failures.add(failed("data:a", ErrorCode.NOT_EMPTY));

    assertThat(failures.asError(1))
        .isEqualTo(new OperationError(ErrorCode.NOT_EMPTY, "'data:a' failed.", null));
  }

  @Test
  void asError_ofItemsWithOneCode_isThatCode() {
    failures.add(failed("data:a", ErrorCode.NOT_FOUND));
    failures.add(failed("data:b", ErrorCode.NOT_FOUND));

    assertThat(failures.asError(2))
        .isEqualTo(
            new OperationError(
                ErrorCode.NOT_FOUND, "2 items failed, the first: 'data:a' failed.", null));
  }

  @Test
  void asError_ofItemsWithSeveralCodes_isFailedAlsoBeyondTheHundredth() {
    for (int i = 0; i < 200; i++) {
      failures.add(failed("data:" + i, ErrorCode.NOT_FOUND));
    }
    failures.add(failed("data:last", ErrorCode.BUSY));
    failures.add(failed("data:very-last", ErrorCode.BUSY));

    assertThat(failures.asError(202).code()).isEqualTo(ErrorCode.FAILED);
  }

  @Test
  void asError_whenSomeFailuresAreOnlyCounted_isFailed() {
    failures.add(failed("data:a", ErrorCode.NOT_FOUND));

    assertThat(failures.asError(3).code()).isEqualTo(ErrorCode.FAILED);
    assertThat(new ItemFailures().asError(1))
        .isEqualTo(new OperationError(ErrorCode.FAILED, "1 item failed.", null));
  }

  private static ItemResult failed(String path, ErrorCode code) {
    return ItemResult.failed(path, new OperationException(code, "'" + path + "' failed."));
  }
}
