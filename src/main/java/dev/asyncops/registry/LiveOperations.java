package dev.asyncops.registry;

import dev.asyncops.async.Priority;
import dev.asyncops.registry.OperationRegistry.Limits;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operations that are admitted and not over: which of them wait, how many run, and what they
 * keep others from.
 *
 * <p><b>Threads</b>: main context only.
 */
final class LiveOperations {

  /** What makes two submissions the same batch (P2). */
  private record JoinKey(String kind, String createdBy, String key) {}

  private final Limits limits;
  private final Map<OperationId, LiveOperation> byId = new LinkedHashMap<>();
  private final Map<JoinKey, LiveOperation> batches = new HashMap<>();
  private final Claims<LiveOperation> claims = new Claims<>();
  private final RunQueue<LiveOperation> queue = new RunQueue<>();
  private final ReservedPlaces<LiveOperation> reserved;

  /** Those that have a place. */
  private final Set<LiveOperation> running = new HashSet<>();

  /** Those that are paused. */
  private final Set<LiveOperation> resting = new HashSet<>();

  /** What all of them take, in bytes. */
  private long memory;

  LiveOperations(Limits limits) {
    this.limits = limits;
    reserved = new ReservedPlaces<>(limits.reserved());
  }

  @Nullable LiveOperation find(OperationId id) {
    return byId.get(id);
  }

  /** All of them, always as they are now; the oldest first. */
  Collection<LiveOperation> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** Whether all of them only wait for a place, or are paused. */
  boolean areAllWaiting() {
    return queue.size() + resting.size() == byId.size();
  }

  /** Whether as many wait as may wait, or are paused, and no place is free. */
  boolean isFull() {
    return byId.size() >= (long) limits.running() + limits.queued();
  }

  /** Whether all of them take as much memory as they may. */
  boolean isMemoryFull() {
    return memory >= limits.memory();
  }

  /**
   * The operation that a submission may join; null if none, if it is ending (P7, P8), or if it does
   * not exist for who starts.
   */
  @Nullable LiveOperation batchOf(Submission submission) {
    JoinKey key = joinKey(submission);
    LiveOperation batch = key == null ? null : batches.get(key);
    return batch == null || batch.isEnding() || !submission.reach().has(batch.roots())
        ? null
        : batch;
  }

  /** The operation that has what a submission needs; null if none (K1, S3). */
  @Nullable LiveOperation competitorOf(Submission submission) {
    return claims.competing(submission.claims());
  }

  /** Admits an operation; it does not wait for a place yet. */
  void enter(LiveOperation operation) {
    Submission submission = operation.submission();
    byId.put(operation.id(), operation);
    memory += operation.memory();
    claims.add(submission.claims(), operation);
    JoinKey key = joinKey(submission);
    if (key != null) {
      batches.put(key, operation);
    }
  }

  /** One of them has taken over what a submission asks for. */
  void joined(Submission newcomer) {
    memory += newcomer.memory();
  }

  /** From now on the operation waits for a place, or rests. */
  void await(LiveOperation operation) {
    if (operation.isQueued()) {
      enqueue(operation);
    } else {
      rest(operation);
    }
  }

  /** From now on the operation waits for a place. */
  void enqueue(LiveOperation operation) {
    queue.add(operation, operation.priority());
    reserved.add(operation, operation.place(), operation.priority());
  }

  /** The operation is paused: it gives its place back, if it has one, and waits for none. */
  void rest(LiveOperation operation) {
    freePlace(operation);
    resting.add(operation);
  }

  /** Gives a free place to the operation whose turn it is; null if there is no place, or none. */
  @Nullable LiveOperation takePlace() {
    LiveOperation next = running.size() < limits.running() ? queue.peek() : reserved.peek();
    if (next != null) {
      dequeue(next);
      running.add(next);
      reserved.started(next.place());
    }
    return next;
  }

  /** Takes a place for the operation, beyond the limit if need be. */
  void takeExtraPlace(LiveOperation operation) {
    running.add(operation);
    reserved.started(operation.place());
  }

  /** The operation waits for a place no longer, and is not paused any more. */
  void dequeue(LiveOperation operation) {
    Priority priority = operation.priority();
    resting.remove(operation);
    queue.remove(operation, priority);
    reserved.remove(operation, operation.place(), priority);
  }

  /** Frees everything that an operation has. */
  void leave(LiveOperation operation) {
    Submission submission = operation.submission();
    if (byId.remove(operation.id()) != null) {
      memory -= operation.memory();
    }
    claims.remove(submission.claims(), operation);
    JoinKey key = joinKey(submission);
    if (key != null) {
      batches.remove(key, operation);
    }
    freePlace(operation);
    dequeue(operation);
  }

  private void freePlace(LiveOperation operation) {
    if (running.remove(operation)) {
      reserved.ended(operation.place());
    }
  }

  private static @Nullable JoinKey joinKey(Submission submission) {
    Submission.Join join = submission.join();
    return join == null ? null : new JoinKey(submission.kind(), submission.createdBy(), join.key());
  }
}
