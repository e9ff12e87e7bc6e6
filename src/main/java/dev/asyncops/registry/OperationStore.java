package dev.asyncops.registry;

import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where operations are remembered.
 *
 * <p>What is written fails with STORE_UNAVAILABLE, and then nothing of it was written: a full disk,
 * say. The store does not try again; whoever wants it written asks again.
 *
 * <p><b>Threads</b>: what takes a callback is called on the main context and does not block; the
 * callback comes once, on the main context, never inside the call and in the order of the calls.
 * What reads may block and is called from anywhere but the main context and the event loops.
 */
public interface OperationStore {

  /** Hears how something that was to be written ended. */
  @FunctionalInterface
  interface SaveCallback {

    /**
     * It would survive now whatever this store survives, or it was not written.
     *
     * @param failure STORE_UNAVAILABLE; null if it is written
     */
    void ended(@Nullable OperationException failure);
  }

  /** Hears what was forgotten. */
  @FunctionalInterface
  interface ForgetCallback {

    /**
     * Some were forgotten, or none because of a failure.
     *
     * @param operations those that were
     * @param nextExpiry when the next one is due at the latest; null if none is left
     * @param failure STORE_UNAVAILABLE; null if all went well
     */
    void forgot(
        List<Forgotten> operations,
        @Nullable Instant nextExpiry,
        @Nullable OperationException failure);
  }

  /** Hears whether a key is known. */
  @FunctionalInterface
  interface FindKeyCallback {

    /**
     * Somebody looked.
     *
     * @param found null if it is not known, and after a failure
     * @param failure STORE_UNAVAILABLE; null if all went well
     */
    void looked(@Nullable KeyedOperation found, @Nullable OperationException failure);
  }

  /**
   * An operation that a key leads to.
   *
   * @param operation its newest snapshot that was saved
   * @param fingerprint of what was asked for with the key
   */
  record KeyedOperation(OperationSnapshot operation, String fingerprint) {}

  /** An operation that is remembered no longer, and the terminal state and roots it had. */
  record Forgotten(OperationId id, OperationState state, RootSet roots) {}

  /** So many operations with these roots are in this terminal state. */
  record Finished(OperationState state, RootSet roots, long operations) {}

  /**
   * An operation that was not over when the service ended.
   *
   * @param input what it was admitted with; null where its request says it all
   * @param added what it was given later on, in that order
   */
  record Unfinished(OperationSnapshot operation, @Nullable JsonText input, List<JsonText> added) {}

  /**
   * What an operation was given.
   *
   * @param first what it was admitted with; null where its request says it all
   * @param added what it was given later on, in that order
   */
  record Inputs(@Nullable JsonText first, List<JsonText> added) {

    /** Copies the list. */
    public Inputs {
      added = List.copyOf(added);
    }
  }

  // ---- Writing

  /**
   * Remembers a new operation.
   *
   * @param input what it has to be given to run again, where its request does not say it all; null
   *     where it does
   * @param keyed the key that leads to it from now on, as long as it is remembered; null for none
   */
  void admit(
      OperationSnapshot operation,
      @Nullable OperationInput input,
      @Nullable KeyedRequest keyed,
      SaveCallback callback);

  /** The same without a key. */
  default void admit(
      OperationSnapshot operation, @Nullable OperationInput input, SaveCallback callback) {
    admit(operation, input, null, callback);
  }

  /**
   * Remembers the newest snapshot of an operation, and what comes with it: both or nothing. A
   * snapshot with a lower revision than what is remembered changes nothing but what comes with it.
   * Of several that wait only the newest is written, with what came with all of them.
   */
  void save(OperationSnapshot operation, Attachments attachments, SaveCallback callback);

  /** The same with nothing else. */
  default void save(OperationSnapshot operation, SaveCallback callback) {
    save(operation, Attachments.NONE, callback);
  }

  /**
   * Remembers what an operation was given later on. All its inputs are kept until it is over; then
   * as long as it is itself if it has a {@linkplain OperationSnapshot#mark mark}, for a retry.
   *
   * @param roots all that it works below from now on; null for no others than before
   * @param keyed the key that leads to it from now on, wherever it led before; null for none
   */
  void addInput(
      OperationId operation,
      OperationInput input,
      @Nullable RootSet roots,
      @Nullable KeyedRequest keyed,
      SaveCallback callback);

  /** The same without other roots. */
  default void addInput(
      OperationId operation,
      OperationInput input,
      @Nullable KeyedRequest keyed,
      SaveCallback callback) {
    addInput(operation, input, null, keyed, callback);
  }

  /** The same without a key. */
  default void addInput(OperationId operation, OperationInput input, SaveCallback callback) {
    addInput(operation, input, null, null, callback);
  }

  /**
   * Looks for a key, in the order of the writes: what was to be written before is seen, nothing
   * that is to be written later is.
   */
  void findKey(IdempotencyKey key, FindKeyCallback callback);

  /** Writes something that changes nothing, to learn whether anything can be written. */
  void check(SaveCallback callback);

  /**
   * Forgets finished operations with all that belongs to them, the oldest first.
   *
   * @param expiredBy those whose time has come by then
   * @param surplus so many in any case
   * @param limit never more than so many
   */
  void forget(Instant expiredBy, long surplus, int limit, ForgetCallback callback);

  // ---- Reading

  /** The newest snapshot that was saved. */
  Optional<OperationSnapshot> find(OperationId id) throws OperationException;

  /** The operations of a query as they were saved, newest first. */
  List<OperationSnapshot> list(OperationQuery query) throws OperationException;

  /**
   * Stored outcomes of an operation's items, in the order of their numbers.
   *
   * @param states only these; empty for all
   * @param from the lowest number
   * @param limit at most so many blocks
   */
  List<ItemBlock> items(OperationId id, Set<ItemState> states, long from, int limit)
      throws OperationException;

  /**
   * What an operation was given, as long as that is {@linkplain #addInput kept}; nothing of one
   * that is not remembered.
   */
  Inputs inputs(OperationId id) throws OperationException;

  /** Those that are not over, the oldest first. */
  List<Unfinished> unfinished() throws OperationException;

  /** How many finished operations there were when the store was opened. Waits for nobody. */
  List<Finished> finishedAtOpening();
}
