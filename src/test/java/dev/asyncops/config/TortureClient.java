package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client that starts, asks again, cancels and looks, and believes nothing: an answer must fit
 * what it, or another client, was told before.
 */
final class TortureClient implements Callable<List<TortureStart>> {

  private static final Set<String> TERMINAL = Set.of("SUCCEEDED", "PARTIAL", "FAILED", "CANCELLED");
  private static final JsonMapper JSON = new JsonMapper();

  private final TortureTurns turns;
  private final TortureStarts starts;
  private final Map<String, JsonNode> ended;
  private final Random random;
  private final List<TortureStart> started = new ArrayList<>();
  private final Map<String, Long> revisions = new HashMap<>();

  /**
   * A client that has not begun.
   *
   * @param ended what operations looked like when one of the clients saw their end, by id
   */
  TortureClient(
      TortureTurns turns,
      TortureStarts starts,
      ConcurrentHashMap<String, JsonNode> ended,
      Random random) {
    this.turns = turns;
    this.starts = starts;
    this.ended = ended;
    this.random = random;
  }

  /** Returns what it has started, all of it answered. */
  @Override
  public List<TortureStart> call() throws InterruptedException {
    while (turns.next()) {
      int chance = random.nextInt(10);
      if (started.isEmpty() || chance < 5) {
        TortureStart start = starts.next(random);
        started.add(start);
        ask(start);
      } else if (chance < 6) {
        askAgain(recent());
      } else if (chance < 7) {
        cancel(recent());
      } else {
        look(recent().id());
      }
    }
    return started;
  }

  private TortureStart recent() {
    int size = started.size();
    return started.get(random.nextInt(3) == 0 ? random.nextInt(size) : newest(size));
  }

  private int newest(int size) {
    return size - 1 - random.nextInt(Math.min(size, 10));
  }

  private HttpResponse<String> ask(TortureStart start) throws InterruptedException {
    HttpResponse<String> answer =
        turns.ask(service -> service.post(start.path, start.body, "Idempotency-Key", start.key()));
    assertThat(answer.statusCode()).as("%s: %s", start, answer.body()).isEqualTo(202);
    start.answered(JSON.readTree(answer.body()).get("id").asString());
    return answer;
  }

  private void askAgain(TortureStart start) throws InterruptedException {
    assertThat(ask(start).headers().firstValue("Idempotency-Replayed"))
        .as(start.key())
        .hasValue("true");
  }

  private void cancel(TortureStart start) throws InterruptedException {
    starts.cancelled.add(start.id());
    HttpResponse<String> answer = turns.ask(service -> service.delete("/ops/" + start.id()));
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
  }

  private void look(String id) throws InterruptedException {
    JsonNode before = ended.get(id);
    HttpResponse<String> answer = turns.ask(service -> service.get("/ops/" + id));
    assertThat(answer.statusCode()).as("%s: %s", id, answer.body()).isEqualTo(200);
    JsonNode now = JSON.readTree(answer.body());
    assertCounts(now);
    long revision = now.get("revision").asLong();
    assertThat(revision).as(answer.body()).isGreaterThanOrEqualTo(revisions.getOrDefault(id, 0L));
    revisions.put(id, revision);
    if (before != null) {
      assertThat(now).as("%s has ended before", id).isEqualTo(before);
    }
    if (isOver(now)) {
      JsonNode first = ended.putIfAbsent(id, now);
      assertThat(now).isEqualTo(first == null ? now : first);
    }
  }

  static boolean isOver(JsonNode operation) {
    return TERMINAL.contains(operation.get("state").asString());
  }

  static void assertCounts(JsonNode operation) {
    long sum = 0;
    for (String count : List.of("pending", "succeeded", "failed", "skipped", "cancelled")) {
      assertThat(operation.get(count).asLong()).as(count).isNotNegative();
      sum += operation.get(count).asLong();
    }
    assertThat(sum).as(operation.toString()).isEqualTo(operation.get("total").asLong());
    assertThat(operation.get("toStart").asLong()).isBetween(0L, operation.get("pending").asLong());
    if (isOver(operation)) {
      assertThat(operation.get("pending").asLong()).isZero();
    }
  }
}
