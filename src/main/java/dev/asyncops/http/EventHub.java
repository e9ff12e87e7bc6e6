package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationListener;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.Reach;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Passes what is published of operations on to event streams.
 *
 * <ul>
 *   <li>A stream tells what {@code GET} shows, an end only when it is durable, and never goes back.
 *   <li>An end comes once, and nothing after it. Progress is merged, to at most four events a
 *       second and operation; a state is sent at once.
 *   <li>A client that does not read costs its position and slows nobody. What it misses is in the
 *       backlog of its operation, or of the service, and when that has gone on it is told how
 *       things stand.
 *   <li>An event is written once, for all streams that send it.
 *   <li>Backlogs are there for operations that somebody watched and that live, and for the last
 *       {@value #MAX_ENDED} of them that ended.
 * </ul>
 *
 * <p><b>Threads</b>: {@link #published} on the main context: it notes what happened, however many
 * streams there are. One thread, {@code events}, writes and sends it. Streams may be opened, read
 * and cancelled from any.
 */
public final class EventHub implements OperationListener, AutoCloseable {

  static final Duration HEARTBEAT = Duration.ofSeconds(15);
  static final Duration BETWEEN_PROGRESS = Duration.ofMillis(250);
  static final int MAX_ENDED = 256;

  private final Scheduler scheduler;
  private final int limit;
  private final int seed;

  private final ServiceBacklog service;
  private final Map<OperationId, OperationBacklog> backlogs = new ConcurrentHashMap<>();

  /** Those of operations that ended, the oldest first; guarded by itself. */
  private final ArrayDeque<OperationId> ended = new ArrayDeque<>();

  /** All that count as subscribers, and those of them that are about the service. */
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();

  private final Set<EventStream> serviceStreams = ConcurrentHashMap.newKeySet();
  private final AtomicInteger subscribers = new AtomicInteger();

  /** What has to be told to streams, and by when somebody does it. */
  private final Queue<OperationBacklog> changed = new ConcurrentLinkedQueue<>();

  private final Queue<OperationBacklog> progressed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean sending = new AtomicBoolean();
  private final AtomicBoolean showing = new AtomicBoolean();
  private volatile boolean ending;

  /**
   * A hub with a thread of its own.
   *
   * @param limit how many event streams may be open
   */
  public EventHub(int limit) {
    this(limit, new SecureRandom().nextInt(), Schedulers.newSingle("events", true));
  }

  /**
   * A hub.
   *
   * @param seed another one after each start of the service
   * @param scheduler runs one thing at a time
   */
  EventHub(int limit, int seed, Scheduler scheduler) {
    this.limit = limit;
    this.seed = seed;
    this.scheduler = scheduler;
    service = new ServiceBacklog(EventIds.ofService(seed));
    scheduler.schedulePeriodically(
        () -> streams.forEach(EventStream::heartbeat),
        HEARTBEAT.toMillis(),
        HEARTBEAT.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** How many event streams are open. Any thread. */
  public int subscribers() {
    return subscribers.get();
  }

  // ---- What happens

  @Override
  public void published(@Nullable OperationSnapshot before, OperationSnapshot after) {
    boolean over = after.state().isTerminal();
    if (over && (before == null || before.state().isTerminal())) {
      return; // something about it was changed after its end
    }
    OperationBacklog backlog = backlogs.get(after.id());
    if (before == null || before.state() != after.state()) {
      service.entered(after);
      if (backlog != null) {
        entered(backlog, after);
      }
      if (backlog != null && backlog.announce()) {
        changed.add(backlog);
        sendSoon();
      } else if (!serviceStreams.isEmpty()) {
        sendSoon();
      }
    } else if (backlog != null && backlog.progressed(after)) {
      progressed.add(backlog);
      showSoon();
    }
  }

  private void entered(OperationBacklog backlog, OperationSnapshot now) {
    if (backlog.entered(now) && now.state().isTerminal()) {
      keepForAWhile(now.id());
    }
  }

  private void keepForAWhile(OperationId id) {
    synchronized (ended) {
      ended.add(id);
      if (ended.size() > MAX_ENDED) {
        backlogs.remove(ended.remove());
      }
    }
  }

  private void sendSoon() {
    if (sending.compareAndSet(false, true)) {
      scheduler.schedule(this::send);
    }
  }

  private void send() {
    sending.set(false);
    for (OperationBacklog next = changed.poll(); next != null; next = changed.poll()) {
      next.announced();
      next.streams().forEach(EventStream::send);
    }
    serviceStreams.forEach(EventStream::send);
  }

  private void showSoon() {
    if (showing.compareAndSet(false, true)) {
      scheduler.schedule(this::show, BETWEEN_PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Shows the progress of all operations that there was since the last time. */
  private void show() {
    showing.set(false);
    int number = progressed.size();
    for (int i = 0; i < number; i++) {
      OperationBacklog next = progressed.remove();
      if (next.showProgress()) {
        next.streams().forEach(EventStream::send);
      }
    }
  }

  // ---- Streams

  /**
   * The events of one operation, up to its end.
   *
   * @param seen the operation as it was read
   * @param lastEventId where the client was; null if it comes for the first time
   * @param newest reads it again, from what is published
   */
  Flux<StreamEvent> operation(
      OperationSnapshot seen, @Nullable String lastEventId, Supplier<OperationSnapshot> newest) {
    return stream(() -> {
      OperationBacklog backlog = backlog(seen.id());
      long position = backlog.ids().position(lastEventId);
      return new Opened(cursor(backlog, position, newest), backlog.streams());
    });
  }

  /**
   * The states and ends of all operations.
   *
   * @param summary the counts as they stand
   * @param reach only what exists for who reaches this
   */
  Flux<StreamEvent> service(
      @Nullable String lastEventId, Supplier<SummaryBody> summary, Reach reach) {
    return stream(() -> {
      long position = service.ids().position(lastEventId);
      return new Opened(new ServiceCursor(service, position, summary, reach), serviceStreams);
    });
  }

  /** Whether a client has heard of the end, and has nothing to come back for. */
  boolean hasHeardOfEnd(OperationSnapshot seen, @Nullable String lastEventId) {
    if (!seen.state().isTerminal()) {
      return false;
    }
    OperationBacklog backlog = backlogs.get(seen.id());
    long position = EventIds.ofOperation(seed, seen.id()).position(lastEventId);
    return position == seen.revision() || (backlog != null && backlog.isEnd(position));
  }

  /**
   * The operation when it is another one than what was seen; progress merged as in streams. Counts
   * as no subscriber, and does not end with the streams.
   */
  Mono<OperationSnapshot> next(OperationSnapshot seen, Supplier<OperationSnapshot> newest) {
    return Flux.<StreamEvent>create(
            sink -> {
              OperationBacklog backlog = backlog(seen.id());
              EventStream stream = new EventStream(sink, cursor(backlog, seen.revision(), newest));
              backlog.streams().add(stream);
              sink.onDispose(() -> backlog.streams().remove(stream));
              sink.onRequest(_ -> stream.send());
            },
            OverflowStrategy.ERROR)
        .ofType(OperationEvent.class)
        .next()
        .map(OperationEvent::operation);
  }

  /** A cursor, and the set of those who hear of what is new for it. */
  private record Opened(EventCursor cursor, Set<EventStream> listening) {}

  private Flux<StreamEvent> stream(Supplier<Opened> opening) {
    return Flux.create(sink -> open(opening, sink), OverflowStrategy.ERROR);
  }

  private void open(Supplier<Opened> opening, FluxSink<StreamEvent> sink) {
    if (subscribers.incrementAndGet() > limit) {
      subscribers.decrementAndGet();
      sink.error(
          new ProblemException(
              ErrorCode.QUEUE_FULL, "As many event streams are open as may be open."));
      return;
    }
    Opened opened = opening.get();
    EventStream stream = new EventStream(sink, opened.cursor());
    streams.add(stream);
    opened.listening().add(stream);
    sink.onDispose(() -> {
      opened.listening().remove(stream);
      streams.remove(stream);
      subscribers.decrementAndGet();
    });
    if (ending) {
      stream.end();
    }
    sink.onRequest(_ -> stream.send());
  }

  /** A backlog that tells all that happens after it is read how the operation stands. */
  private OperationBacklog backlog(OperationId id) {
    return backlogs.computeIfAbsent(id, _ -> new OperationBacklog(EventIds.ofOperation(seed, id)));
  }

  private OperationCursor cursor(
      OperationBacklog backlog, long position, Supplier<OperationSnapshot> newest) {
    Supplier<OperationSnapshot> current = () -> current(backlog, newest);
    backlog.begin(current.get());
    return new OperationCursor(backlog, position, current);
  }

  /** How it stands; its end may have been told before the backlog was there to hear of it. */
  private OperationSnapshot current(OperationBacklog backlog, Supplier<OperationSnapshot> newest) {
    OperationSnapshot now = newest.get();
    if (now.state().isTerminal()) {
      entered(backlog, now);
    }
    return now;
  }

  // ---- The end

  /**
   * Ends all streams. One that is opened from now on tells how things stand and ends, so that a
   * client that comes back on its own keeps coming back. Any thread.
   */
  public void endStreams() {
    ending = true;
    streams.forEach(EventStream::end);
  }

  /** Ends the thread; no event is told any more. */
  @Override
  public void close() {
    endStreams();
    scheduler.dispose();
  }
}
