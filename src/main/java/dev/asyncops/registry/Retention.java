package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Forgets finished operations when they are too old or too many; only of them does it know, so what
 * is live is never forgotten (L9).
 *
 * <p>It forgets in small steps, each an entry of its own, and sleeps until the oldest one is due.
 *
 * <p><b>Threads</b>: main context only.
 */
final class Retention {

  private static final int STEP = 256;

  /** The shortest sleep, so that operations which end one by one are forgotten together. */
  private static final Duration MIN_SLEEP = Duration.ofSeconds(1);

  private record Finished(OperationId id, Instant expireTime) {}

  private final MainContext context;
  private final InstantSource clock;
  private final int maxCount;
  private final Consumer<List<OperationId>> forget;
  private final ArrayDeque<Finished> oldestFirst = new ArrayDeque<>();
  private boolean stepPosted;
  private boolean sleeping;

  Retention(
      MainContext context, InstantSource clock, int maxCount, Consumer<List<OperationId>> forget) {
    this.context = context;
    this.clock = clock;
    this.maxCount = maxCount;
    this.forget = forget;
  }

  /** An operation ended, and will be forgotten in its time. */
  void add(OperationSnapshot finished) {
    oldestFirst.add(
        new Finished(finished.id(), Objects.requireNonNull(finished.expireTime(), "expireTime")));
    plan();
  }

  private void plan() {
    if (context.isClosed() || stepPosted || oldestFirst.isEmpty()) {
      return;
    }
    if (isFirstOver()) {
      stepPosted = true;
      context.post(Priority.DEFAULT, "forget", this::step);
    } else if (!sleeping) {
      sleeping = true;
      context.after(untilFirstExpires(), "retention", this::wake);
    }
  }

  private void wake() {
    sleeping = false;
    plan();
  }

  private void step() {
    stepPosted = false;
    List<OperationId> over = new ArrayList<>();
    while (over.size() < STEP && isFirstOver()) {
      over.add(oldestFirst.remove().id());
    }
    if (!over.isEmpty()) {
      forget.accept(over);
    }
    plan();
  }

  private boolean isFirstOver() {
    Finished first = oldestFirst.peek();
    return first != null
        && (oldestFirst.size() > maxCount || !first.expireTime().isAfter(clock.instant()));
  }

  private Duration untilFirstExpires() {
    Duration left = Duration.between(clock.instant(), oldestFirst.element().expireTime());
    return left.compareTo(MIN_SLEEP) < 0 ? MIN_SLEEP : left;
  }
}
