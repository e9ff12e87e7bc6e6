package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Priority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunQueueTests {

  private final RunQueue<String> queue = new RunQueue<>();

  @Test
  void peek_givesByPriorityThenInTheOrderOfComing() {
    queue.add("low", Priority.LOW);
    queue.add("first", Priority.DEFAULT);
    queue.add("idle", Priority.DEFAULT_IDLE);
    queue.add("second", Priority.DEFAULT);
    queue.add("high", Priority.HIGH);
    queue.add("high idle", Priority.HIGH_IDLE);

    assertThat(takeAll()).containsExactly("high", "first", "second", "high idle", "idle", "low");
  }

  @Test
  void remove_takesOutWhatWaitsAndNothingElse() {
    queue.add("a", Priority.DEFAULT);
    queue.add("b", Priority.DEFAULT);

    queue.remove("a", Priority.DEFAULT);
    queue.remove("c", Priority.DEFAULT);
    queue.remove("b", Priority.HIGH);

    assertThat(takeAll()).containsExactly("b");
  }

  @Test
  void peek_leavesWhatItGives_andGivesNullWhenNothingWaits() {
    assertThat(queue.peek()).isNull();

    queue.add("a", Priority.DEFAULT);

    assertThat(queue.peek()).isEqualTo("a");
    assertThat(queue.peek()).isEqualTo("a");
  }

  private List<String> takeAll() {
    List<String> taken = new ArrayList<>();
    for (String next = queue.peek(); next != null; next = queue.peek()) {
      for (Priority priority : Priority.values()) {
        queue.remove(next, priority);
      }
      taken.add(next);
    }
    return taken;
  }
}
