package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OperationIdsTests {

  private final ManualTime time = new ManualTime();
  private final OperationIds ids = new OperationIds(time, new Random(7));

  @Test
  void next_isAVersion7UuidOfTheClocksTime() {
    OperationId id = ids.next();

    assertThat(id.value().version()).isEqualTo(7);
    assertThat(id.value().variant()).isEqualTo(2);
    assertThat(id.time()).isEqualTo(ManualTime.START);
    assertThat(OperationId.parse(id.toString())).contains(id);
  }

  @Test
  void next_withinAMillisecond_isGreaterEachTimeAlsoBeyondTheCounter() {
    List<OperationId> made = new ArrayList<>();

    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next());
    }

    assertThat(made).isSorted();
    assertThat(new HashSet<>(made)).hasSize(10_000);
    assertThat(made.getLast().time()).isBefore(ManualTime.START.plusMillis(6));
  }

  @Test
  void next_whenTheClockGoesBack_isGreaterStill() {
    OperationId before = ids.next();

    time.setClock(ManualTime.START.minusSeconds(3600));

    assertThat(ids.next()).isGreaterThan(before);
  }

  @Test
  void next_inALaterMillisecond_isOfThatTime() {
    OperationId before = ids.next();

    time.advance(Duration.ofMillis(5));

    assertThat(ids.next().time()).isEqualTo(before.time().plusMillis(5));
  }

  @Test
  void firstOf_isNotGreaterThanAnyIdOfItsMillisecond() {
    OperationId first = OperationId.firstOf(ManualTime.START.toEpochMilli());

    OperationId made = ids.next();

    assertThat(first).isLessThanOrEqualTo(made);
    assertThat(OperationId.firstOf(ManualTime.START.toEpochMilli() + 1)).isGreaterThan(made);
  }
}
