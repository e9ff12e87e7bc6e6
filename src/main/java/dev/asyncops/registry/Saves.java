package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.OperationStore.FindKeyCallback;
import dev.asyncops.registry.OperationStore.SaveCallback;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that what happened to operations is saved, sooner or later.
 *
 * <ul>
 *   <li>What is new, an admission or a join, is saved at once or refused.
 *   <li>What has happened is kept until it is saved: of each operation the newest snapshot, and the
 *       outcomes of items.
 *   <li>While the store fails it is tried again after 250 ms, then after twice as long, up to five
 *       seconds; {@link #failure} says why, and heals by itself.
 * </ul>
 *
 * <p><b>Threads</b>: main context only, but for {@link #failure} and {@link #unsaved}.
 */
final class Saves {

  private static final Logger LOG = System.getLogger(Saves.class.getName());
  private static final Duration FIRST_DELAY = Duration.ofMillis(250);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

  /** What could not be saved of an operation, and what is to be done when it is. */
  private static final class Kept {

    private OperationSnapshot newest;
    private Attachments attachments = Attachments.NONE;
    private final List<Runnable> saved = new ArrayList<>(1);

    Kept(OperationSnapshot first) {
      newest = first;
    }
  }

  private final MainContext context;
  private final OperationStore store;
  private final Map<OperationId, Kept> kept = new HashMap<>();
  private final WaitingItems waitingItems = new WaitingItems(() -> failure() != null);

  /** The revision of each operation that is shown and not in the store yet. */
  private final Map<OperationId, Long> underWay = new ConcurrentHashMap<>();

  private Duration delay = FIRST_DELAY;
  private volatile @Nullable OperationException failure;

  Saves(MainContext context, OperationStore store) {
    this.context = context;
    this.store = store;
  }

  /** Why nothing can be saved; null if it can. Any thread. */
  @Nullable OperationException failure() {
    return failure;
  }

  /** The outcomes of items that are not stored yet. */
  WaitingItems waitingItems() {
    return waitingItems;
  }

  /** The operations that may be shown in another state than they are saved in. Any thread. */
  Set<OperationId> unsaved() {
    return underWay.keySet();
  }

  /** Looks for a key, or fails: maybe inside this call. */
  void findKey(IdempotencyKey key, FindKeyCallback callback) {
    OperationException known = failure;
    if (known != null) {
      callback.looked(null, known);
      return;
    }
    store.findKey(key, (found, error) -> tried(error, failed -> callback.looked(found, failed)));
  }

  /** Saves a new operation, or fails: maybe inside this call. */
  void admit(
      OperationSnapshot first,
      @Nullable OperationInput input,
      @Nullable KeyedRequest keyed,
      SaveCallback callback) {
    OperationException known = failure;
    if (known != null) {
      callback.ended(known);
    } else {
      store.admit(first, input, keyed, error -> tried(error, callback));
    }
  }

  /** Saves what an operation is given later on, or fails: maybe inside this call. */
  void addInput(
      OperationId operation,
      OperationInput input,
      @Nullable RootSet roots,
      @Nullable KeyedRequest keyed,
      SaveCallback callback) {
    OperationException known = failure;
    if (known != null) {
      callback.ended(known);
    } else {
      store.addInput(operation, input, roots, keyed, error -> tried(error, callback));
    }
  }

  private void tried(@Nullable OperationException error, SaveCallback callback) {
    if (error != null) {
      failed(error);
    }
    callback.ended(error);
  }

  /** An operation is shown in another state than it is saved in, and will be saved. */
  void differs(OperationSnapshot shown) {
    underWay.merge(shown.id(), shown.revision(), Math::max);
  }

  /**
   * Saves what happened to an operation.
   *
   * @param attachments what is saved with it
   * @param saved runs once, when it is saved
   * @param tried hears whether that was possible at once, maybe inside this call; on success after
   *     {@code saved}
   */
  void save(
      OperationSnapshot operation, Attachments attachments, Runnable saved, SaveCallback tried) {
    differs(operation);
    OperationException known = failure;
    if (known != null) {
      keep(operation, attachments, saved);
      tried.ended(known);
    } else {
      attempt(operation, attachments, saved, tried);
    }
  }

  private void attempt(
      OperationSnapshot operation, Attachments attachments, Runnable saved, SaveCallback tried) {
    store.save(
        operation,
        attachments,
        error -> {
          if (error == null) {
            underWay.computeIfPresent(
                operation.id(), (_, newest) -> newest <= operation.revision() ? null : newest);
            saved.run();
          } else {
            keep(operation, attachments, saved);
            failed(error);
          }
          tried.ended(error);
        });
  }

  private void keep(OperationSnapshot operation, Attachments attachments, Runnable saved) {
    Kept one = kept.computeIfAbsent(operation.id(), _ -> new Kept(operation));
    if (operation.revision() > one.newest.revision()) {
      one.newest = operation;
    }
    one.attachments = one.attachments.and(attachments);
    one.saved.add(saved);
  }

  private void failed(OperationException error) {
    if (failure == null) {
      LOG.log(Level.ERROR, error.detail(), error);
      failure = error;
      tryAgainLater();
    }
  }

  private void tryAgainLater() {
    if (!context.isClosed()) {
      context.after(delay, "save again", this::tryAgain);
      Duration twice = delay.multipliedBy(2);
      delay = twice.compareTo(LONGEST_DELAY) < 0 ? twice : LONGEST_DELAY;
    }
  }

  /** One write tells whether the store is back; then all that was kept follows. */
  private void tryAgain() {
    store.check(error -> {
      if (error == null) {
        recovered();
      } else {
        failure = error;
        tryAgainLater();
      }
    });
  }

  private void recovered() {
    LOG.log(Level.INFO, "The registry can be written again.");
    failure = null;
    delay = FIRST_DELAY;
    List<Kept> all = List.copyOf(kept.values());
    kept.clear();
    for (Kept one : all) {
      attempt(one.newest, one.attachments, () -> one.saved.forEach(Notices::guarded), _ -> {});
    }
  }
}
