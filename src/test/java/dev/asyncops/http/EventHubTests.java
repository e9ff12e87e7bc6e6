package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationIds;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.OperationSummary;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.Snapshots;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

/** What streams tell, on a clock that the test moves and with what the test publishes. */
class EventHubTests {

  private static final int LIMIT = 5;
  private static final int SEED = 7;

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final EventHub hub = new EventHub(LIMIT, SEED, time);
  private final OperationIds ids = new OperationIds(Clock.systemUTC(), new Random(1));
  private final Map<OperationId, OperationSnapshot> published = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    hub.close();
    assertThat(hub.subscribers()).isZero();
  }

  @Test
  void stream_beginsWithASnapshot_andEndsWithTheEnd() {
    OperationSnapshot queued = admitted();
    TestSubscriber<StreamEvent> stream = watched(queued);

    OperationSnapshot running = entered(queued, OperationState.RUNNING);
    OperationSnapshot ended = entered(progressed(running), OperationState.SUCCEEDED);

    assertThat(told(stream)).containsExactly("snapshot 1", "state 2", "end 4");
    assertThat(stream.isTerminatedComplete()).isTrue();
    assertThat(operations(stream).getLast().operation()).isEqualTo(ended);
    assertThat(hub.subscribers()).isZero();
  }

  @Test
  void progress_isMerged_toFourEventsASecond() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    TestSubscriber<StreamEvent> stream = watched(running);

    for (int i = 0; i < 1000; i++) {
      running = progressed(running);
      time.advanceTimeBy(Duration.ofMillis(1));
    }

    assertThat(told(stream))
        .containsExactly(
            "snapshot 2", "progress 252", "progress 502", "progress 752", "progress 1002");
  }

  @Test
  void progressThatWaits_goesWithTheNextState() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    TestSubscriber<StreamEvent> stream = watched(running);

    OperationSnapshot cancelling = entered(progressed(running), OperationState.CANCELLING);
    time.advanceTimeBy(Duration.ofSeconds(1));
    progressed(cancelling);
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(told(stream)).containsExactly("snapshot 2", "state 4", "progress 5");
  }

  @Test
  void snapshotThatIsAheadOfTheEvents_isNotRepeated() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    watched(running);
    OperationSnapshot newest = progressed(progressed(running));

    TestSubscriber<StreamEvent> late = watched(running);
    time.advanceTimeBy(Duration.ofSeconds(1));
    progressed(newest);
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(told(late)).containsExactly("snapshot 4", "progress 5");
  }

  @Test
  void clientThatComesBack_isToldWhatItMissed_andNothingTwice() {
    OperationSnapshot queued = admitted();
    TestSubscriber<StreamEvent> first = watched(queued);
    OperationSnapshot running = entered(queued, OperationState.RUNNING);
    String last = lastId(first);
    first.cancel();

    OperationSnapshot cancelling = entered(progressed(running), OperationState.CANCELLING);
    progressed(cancelling);
    time.advanceTimeBy(Duration.ofSeconds(1));
    TestSubscriber<StreamEvent> second = watched(queued, last);
    entered(published(queued.id()), OperationState.CANCELLED);

    assertThat(told(first)).containsExactly("snapshot 1", "state 2");
    assertThat(told(second)).containsExactly("state 4", "progress 5", "end 6");
    assertThat(second.isTerminatedComplete()).isTrue();
  }

  @Test
  void clientThatMissedTheEnd_isToldIt() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    TestSubscriber<StreamEvent> first = watched(running);
    String last = lastId(first);
    first.cancel();

    entered(running, OperationState.FAILED);
    TestSubscriber<StreamEvent> second = watched(running, last);

    assertThat(told(second)).containsExactly("end 3");
    assertThat(hub.hasHeardOfEnd(published(running.id()), last)).isFalse();
    assertThat(hub.hasHeardOfEnd(published(running.id()), lastId(second))).isTrue();
  }

  @Test
  void clientThatMissedNothing_hearsOnlyWhatIsNew() {
    OperationSnapshot queued = admitted();
    TestSubscriber<StreamEvent> first = watched(queued);
    first.cancel();

    TestSubscriber<StreamEvent> second = watched(queued, lastId(first));
    assertThat(told(second)).isEmpty();
    entered(queued, OperationState.RUNNING);

    assertThat(told(second)).containsExactly("state 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "1", "00000000-1", "-1", "%s-", "%s-x", "%s-99", "%s--1"})
  void idThatIsNotOfThisStream_isToldHowThingsStand(String lastId) {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    watched(running);
    String epoch = EventIds.ofOperation(SEED, running.id()).epoch();

    TestSubscriber<StreamEvent> stream = watched(running, lastId.replace("%s", epoch));
    entered(running, OperationState.SUCCEEDED);

    assertThat(told(stream)).containsExactly("resync 2", "end 3");
  }

  @Test
  void idOfAnotherOperation_isForeign() {
    TestSubscriber<StreamEvent> other = watched(admitted());
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);

    TestSubscriber<StreamEvent> stream = watched(running, lastId(other));

    assertThat(told(stream)).containsExactly("resync 2");
  }

  @Test
  void idFromBeforeTheFirstWatcher_isToldHowThingsStand() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    String first = EventIds.ofOperation(SEED, running.id()).at(1);

    assertThat(told(watched(running, first))).containsExactly("resync 2");
  }

  @Test
  void gapThatIsGone_isToldHowThingsStand_andGoesOn() {
    OperationSnapshot now = admitted();
    TestSubscriber<StreamEvent> first = watched(now);
    String last = lastId(first);
    first.cancel();
    for (int i = 0; i <= OperationBacklog.MAX_STATES; i++) {
      now = entered(now, i % 2 == 0 ? OperationState.RUNNING : OperationState.QUEUED);
    }

    TestSubscriber<StreamEvent> second = watched(now, last);
    entered(now, OperationState.SUCCEEDED);

    assertThat(told(second))
        .containsExactly("resync " + now.revision(), "end " + (now.revision() + 1));
  }

  @Test
  void operationThatIsOver_isASnapshotAndTheEnd_ofWhichOnlyTheEndHasAnId() {
    OperationSnapshot over = entered(admitted(), OperationState.CANCELLED);

    TestSubscriber<StreamEvent> stream = watched(over);

    assertThat(told(stream)).containsExactly("snapshot 2", "end 2");
    assertThat(text(operations(stream).getFirst())).startsWith("event: snapshot\ndata: {");
    assertThat(text(operations(stream).getLast())).startsWith("id: ");
    assertThat(stream.isTerminatedComplete()).isTrue();
  }

  @Test
  void foreignIdAfterTheEnd_isToldHowItEnded() {
    OperationSnapshot over = entered(admitted(), OperationState.CANCELLED);

    TestSubscriber<StreamEvent> stream = watched(over, "00000000-2");

    assertThat(told(stream)).containsExactly("resync 2", "end 2");
    assertThat(hub.hasHeardOfEnd(over, "00000000-2")).isFalse();
    assertThat(hub.hasHeardOfEnd(over, null)).isFalse();
  }

  @Test
  void endThatWasToldBeforeAnybodyListened_isTold() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    entered(running, OperationState.SUCCEEDED);

    TestSubscriber<StreamEvent> stream = watched(running);

    assertThat(told(stream)).containsExactly("snapshot 3", "end 3");
  }

  @Test
  void endThatIsShownBeforeItIsTold_comesOnceToAll() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    TestSubscriber<StreamEvent> early = watched(running);
    OperationSnapshot over = Snapshots.with(running, OperationState.SUCCEEDED);
    published.put(over.id(), over);

    TestSubscriber<StreamEvent> late = watched(running);
    hub.published(running, over);

    assertThat(told(early)).containsExactly("snapshot 2", "end 3");
    assertThat(told(late)).containsExactly("snapshot 3", "end 3");
  }

  @Test
  void changeAfterTheEnd_isNoSecondEnd() {
    OperationSnapshot over = entered(admitted(), OperationState.SUCCEEDED);
    TestSubscriber<StreamEvent> all = watchedService(null);

    TestSubscriber<StreamEvent> one = watched(over);
    OperationSnapshot changed = entered(over, OperationState.SUCCEEDED);
    hub.published(null, Snapshots.with(changed, OperationState.SUCCEEDED));

    assertThat(told(all)).isEmpty();
    assertThat(told(one)).containsExactly("snapshot 2", "end 2");
    assertThat(hub.hasHeardOfEnd(changed, lastId(one))).isTrue();
  }

  @Test
  void clientThatDoesNotRead_costsNothing_andIsToldTheNewest() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    TestSubscriber<StreamEvent> slow = unread(running);
    TestSubscriber<StreamEvent> quick = watched(running);
    slow.request(2);

    for (int i = 0; i < 10_000; i++) {
      running = progressed(running);
      time.advanceTimeBy(EventHub.BETWEEN_PROGRESS);
    }
    assertThat(told(slow)).containsExactly("snapshot 2");
    assertThat(told(quick)).hasSize(10_001);
    slow.request(100);
    entered(running, OperationState.SUCCEEDED);

    assertThat(told(slow)).containsExactly("snapshot 2", "progress 10002", "end 10003");
  }

  @Test
  void event_isWrittenOnce_forAllStreams() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    TestSubscriber<StreamEvent> one = watched(running);
    TestSubscriber<StreamEvent> other = watched(running);

    entered(running, OperationState.SUCCEEDED);

    assertThat(operations(one).getLast().serverSent())
        .isSameAs(operations(other).getLast().serverSent());
  }

  @Test
  void whatIsTold_neverGoesBack_andEndsOnce_whereverClientsComeAndGo() {
    Random random = new Random(42);
    for (int round = 0; round < 200; round++) {
      OperationSnapshot now = admitted();
      List<OperationEvent> heard = new ArrayList<>();
      TestSubscriber<StreamEvent> stream = unread(now);
      while (!now.state().isTerminal()) {
        now = step(random, now);
        switch (random.nextInt(5)) {
          case 0 -> time.advanceTimeBy(Duration.ofMillis(random.nextInt(400)));
          case 1, 2 -> stream.request(1 + random.nextInt(3));
          case 3 -> {
            if (now.state().isTerminal()) {
              break;
            }
            stream.cancel();
            heard.addAll(operations(stream));
            stream = unread(now, heard.isEmpty() ? null : idOf(heard.getLast()));
          }
          default -> {
            // the client neither reads nor goes
          }
        }
      }
      stream.request(100);
      heard.addAll(operations(stream));

      assertThat(heard).extracting(OperationEvent::position).isSorted();
      assertThat(heard).extracting(OperationEvent::name).doesNotContain(EventName.RESYNC);
      assertThat(heard).filteredOn(event -> event.name() == EventName.END).hasSize(1);
      assertThat(heard)
          .filteredOn(event -> event.name() == EventName.PROGRESS)
          .extracting(OperationEvent::position)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void moreStreamsThanMayBeOpen_areRefused_untilOneIsClosed() {
    OperationSnapshot queued = admitted();
    List<TestSubscriber<StreamEvent>> open = new ArrayList<>();
    for (int i = 0; i < LIMIT; i++) {
      open.add(i % 2 == 0 ? watched(queued) : watchedService(null));
    }
    assertThat(hub.subscribers()).isEqualTo(LIMIT);

    TestSubscriber<StreamEvent> refused = watched(queued);
    open.getFirst().cancel();
    TestSubscriber<StreamEvent> next = watched(queued);

    ProblemException problem = (ProblemException) refused.expectTerminalError();
    assertThat(problem.code()).isEqualTo(ErrorCode.QUEUE_FULL);
    assertThat(told(next)).containsExactly("snapshot 1");
    assertThat(hub.subscribers()).isEqualTo(LIMIT);
  }

  @Test
  void heartbeats_comeEvery15Seconds_andAreNotKeptForWhoDoesNotRead() {
    OperationSnapshot queued = admitted();
    TestSubscriber<StreamEvent> quick = watched(queued);
    TestSubscriber<StreamEvent> slow = unread(queued);
    slow.request(2);

    time.advanceTimeBy(Duration.ofSeconds(44));
    slow.request(100);

    assertThat(quick.getReceivedOnNext()).filteredOn(event -> event == Pulse.HEARTBEAT).hasSize(2);
    assertThat(slow.getReceivedOnNext()).filteredOn(event -> event == Pulse.HEARTBEAT).hasSize(1);
    assertThat(new String(Pulse.HEARTBEAT.serverSent(), StandardCharsets.UTF_8)).isEqualTo(":\n\n");
  }

  @Test
  void streams_beginWithTheTimeUntilAClientComesBack() {
    TestSubscriber<StreamEvent> stream = watched(admitted());

    assertThat(text(stream.getReceivedOnNext().getFirst())).matches("retry: [12]\\d{3}\n\n");
  }

  @Test
  void streams_endWithTheService_alsoThoseThatNobodyReads() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    TestSubscriber<StreamEvent> read = watched(running);
    TestSubscriber<StreamEvent> all = watchedService(null);
    TestSubscriber<StreamEvent> unread = unread(running);
    unread.request(2);

    hub.endStreams();

    assertThat(List.of(read, all, unread)).allMatch(TestSubscriber::isTerminatedComplete);
  }

  @Test
  void streamThatBeginsWhileTheServiceEnds_tellsHowThingsStand_andEnds() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    TestSubscriber<StreamEvent> first = watched(running);
    hub.endStreams();

    TestSubscriber<StreamEvent> fresh = unread(running);
    fresh.request(1);
    fresh.request(1);
    OperationSnapshot cancelling = entered(running, OperationState.CANCELLING);
    TestSubscriber<StreamEvent> back = watched(cancelling, lastId(first));

    assertThat(told(fresh)).containsExactly("snapshot 2");
    assertThat(told(back)).containsExactly("state 3");
    assertThat(List.of(fresh, back)).allMatch(TestSubscriber::isTerminatedComplete);
  }

  @Test
  void stream_ofTheService_tellsStatesAndEndsOfAll() {
    OperationSnapshot before = admitted();
    TestSubscriber<StreamEvent> all = watchedService(null);

    OperationSnapshot running = progressed(entered(before, OperationState.RUNNING));
    admitted();
    entered(running, OperationState.PARTIAL);
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(summaries(all)).singleElement().extracting("name").isEqualTo(EventName.SNAPSHOT);
    assertThat(told(all)).containsExactly("state 2", "state 3", "end 4");
    assertThat(all.isTerminated()).isFalse();
  }

  @Test
  void clientOfTheService_thatComesBack_isToldWhatItMissed() {
    OperationSnapshot queued = admitted();
    TestSubscriber<StreamEvent> first = watchedService(null);
    first.cancel();
    entered(queued, OperationState.RUNNING);

    TestSubscriber<StreamEvent> second = watchedService(summaries(first).getFirst().id());
    TestSubscriber<StreamEvent> foreign = watchedService("00000000-1");
    admitted();

    assertThat(summaries(second)).isEmpty();
    assertThat(told(second)).containsExactly("state 2", "state 3");
    assertThat(summaries(foreign)).singleElement().extracting("name").isEqualTo(EventName.RESYNC);
    assertThat(told(foreign)).containsExactly("state 3");
  }

  @Test
  void clientOfTheService_thatDoesNotRead_isToldHowThingsStand() {
    TestSubscriber<StreamEvent> slow = TestSubscriber.builder().initialRequest(2).build();
    hub.service(null, EventHubTests::summary, Reach.ALL).subscribe(slow);
    for (int i = 0; i <= ServiceBacklog.SIZE; i++) {
      admitted();
    }

    slow.request(10);
    admitted();

    assertThat(summaries(slow))
        .extracting(SummaryEvent::name)
        .containsExactly(EventName.SNAPSHOT, EventName.RESYNC);
    assertThat(told(slow)).containsExactly("state " + (ServiceBacklog.SIZE + 2));
  }

  @Test
  void backlogsOfWhatEnded_areFew() {
    OperationSnapshot first = admitted();
    String last = lastId(watched(first));
    entered(first, OperationState.RUNNING);
    entered(published(first.id()), OperationState.SUCCEEDED);
    for (int i = 0; i < EventHub.MAX_ENDED - 1; i++) {
      watchedToTheEnd();
    }
    assertThat(told(watched(first, last))).containsExactly("state 2", "end 3");

    watchedToTheEnd();

    assertThat(told(watched(first, last))).containsExactly("resync 3", "end 3");
  }

  @Test
  void nextChange_isAnswered_andCountsAsNoSubscriber() {
    OperationSnapshot running = entered(admitted(), OperationState.RUNNING);
    TestSubscriber<OperationSnapshot> waiter = waiting(running);
    assertThat(hub.subscribers()).isZero();

    OperationSnapshot second = progressed(progressed(running));
    assertThat(waiter.getReceivedOnNext()).isEmpty();
    time.advanceTimeBy(EventHub.BETWEEN_PROGRESS);

    assertThat(waiter.getReceivedOnNext()).containsExactly(second);
    assertThat(waiting(running).getReceivedOnNext()).containsExactly(second);
    TestSubscriber<OperationSnapshot> last = waiting(second);
    OperationSnapshot over = entered(second, OperationState.SUCCEEDED);
    assertThat(last.getReceivedOnNext()).containsExactly(over);
  }

  private void watchedToTheEnd() {
    OperationSnapshot queued = admitted();
    TestSubscriber<StreamEvent> stream = watched(queued);
    entered(queued, OperationState.CANCELLED);
    assertThat(stream.isTerminatedComplete()).isTrue();
  }

  private OperationSnapshot step(Random random, OperationSnapshot now) {
    return switch (random.nextInt(20)) {
      case 0 -> entered(now, OperationState.SUCCEEDED);
      case 1 -> entered(now, OperationState.CANCELLING);
      case 2 -> entered(now, OperationState.RUNNING);
      default -> progressed(now);
    };
  }

  private OperationSnapshot admitted() {
    return publish(Snapshots.of(ids.next(), "copy"));
  }

  private OperationSnapshot entered(OperationSnapshot before, OperationState state) {
    return publish(Snapshots.with(before, state));
  }

  private OperationSnapshot progressed(OperationSnapshot before) {
    return publish(Snapshots.with(before, before.state()));
  }

  private OperationSnapshot publish(OperationSnapshot after) {
    hub.published(published.put(after.id(), after), after);
    return after;
  }

  private OperationSnapshot published(OperationId id) {
    return Objects.requireNonNull(published.get(id));
  }

  private TestSubscriber<StreamEvent> watched(OperationSnapshot seen) {
    return watched(seen, null);
  }

  private TestSubscriber<StreamEvent> watched(OperationSnapshot seen, @Nullable String lastId) {
    TestSubscriber<StreamEvent> client = unread(seen, lastId);
    client.request(Long.MAX_VALUE);
    return client;
  }

  private TestSubscriber<StreamEvent> unread(OperationSnapshot seen) {
    return unread(seen, null);
  }

  private TestSubscriber<StreamEvent> unread(OperationSnapshot seen, @Nullable String lastId) {
    TestSubscriber<StreamEvent> client = TestSubscriber.builder().initialRequest(0).build();
    hub.operation(seen, lastId, () -> published(seen.id())).subscribe(client);
    return client;
  }

  private TestSubscriber<StreamEvent> watchedService(@Nullable String lastId) {
    TestSubscriber<StreamEvent> client = TestSubscriber.create();
    hub.service(lastId, EventHubTests::summary, Reach.ALL).subscribe(client);
    return client;
  }

  private TestSubscriber<OperationSnapshot> waiting(OperationSnapshot seen) {
    TestSubscriber<OperationSnapshot> client = TestSubscriber.create();
    hub.next(seen, () -> published(seen.id())).subscribe(client);
    return client;
  }

  private static SummaryBody summary() {
    return SummaryBody.of(new OperationSummary(0, 0, 0, 0, Map.of(), Map.of()));
  }

  private static List<OperationEvent> operations(TestSubscriber<StreamEvent> stream) {
    return stream.getReceivedOnNext().stream()
        .filter(OperationEvent.class::isInstance)
        .map(OperationEvent.class::cast)
        .toList();
  }

  private static List<SummaryEvent> summaries(TestSubscriber<StreamEvent> stream) {
    return stream.getReceivedOnNext().stream()
        .filter(SummaryEvent.class::isInstance)
        .map(SummaryEvent.class::cast)
        .toList();
  }

  private static List<String> told(TestSubscriber<StreamEvent> stream) {
    return operations(stream).stream()
        .map(event -> event.name().text() + " " + event.position())
        .toList();
  }

  private static String lastId(TestSubscriber<StreamEvent> stream) {
    return idOf(operations(stream).getLast());
  }

  private static String idOf(OperationEvent event) {
    return text(event).lines().findFirst().orElseThrow().replace("id: ", "");
  }

  private static String text(StreamEvent event) {
    return new String(event.serverSent(), StandardCharsets.UTF_8);
  }
}
