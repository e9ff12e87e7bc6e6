package dev.asyncops.async;

import org.jspecify.annotations.Nullable;

/**
 * What a client asked for, as the registry runs it: the seam between what an operation does and how
 * it is admitted, scheduled and remembered.
 *
 * <p><b>Threads</b>: every method is called on the main context and must not block.
 *
 * @param <R> the value of a success: a record that can be shown to the client
 */
public interface Operation<R extends @Nullable Object> {

  /**
   * Called once at admission, before anything is started: keeps the progress and counts what is
   * known already, touching no file.
   *
   * @param id the operation's id, for what it names in the file system while it works
   */
  void prepare(String id, OperationProgress progress);

  /**
   * What the operation depends on that may hang, such as the file systems it works on; always the
   * same text. Operations of one place that hang keep none of another from starting.
   */
  default String place() {
    return "";
  }

  /**
   * About how many bytes of memory it needs to know what it has to do, beyond what every operation
   * needs; always the same number.
   */
  default long memory() {
    return 0;
  }

  /**
   * Starts the work, at most once. Not called if the operation is cancelled while it waits, unless
   * it goes on after a restart: then the cancellable is cancelled already, and it removes what was
   * left of it.
   *
   * <p>The operation returns the task exactly once, when nothing is running any more: with its
   * value when every item was accounted for, whether or not items failed; with CANCELLED if the
   * cancel kept it from finishing; with another error if it failed as a whole. It looks at the
   * task's cancellable before every item and every chunk, and by the time it returns the task
   * nothing is pending.
   */
  void start(Task<R> task);

  /**
   * Serves the operation at another priority from now on, whether it waits or runs. One that is
   * told to stop is urgent already.
   */
  default void setPriority(Priority priority) {}

  /**
   * Limits the operation's bytes from now on, whether it waits or runs; one that moves none ignores
   * it.
   *
   * @param bytesPerSecond 1 or more; null for no limit
   */
  default void setBytesPerSecond(@Nullable Long bytesPerSecond) {}

  /** Whether it can be {@linkplain #hold held} once it was started. */
  default boolean canBeHeld() {
    return false;
  }

  /**
   * Begins nothing more, neither an item nor a chunk, until it is {@linkplain #release released} or
   * cancelled; what is under way comes to its end. Called between start and end, and only if it
   * {@linkplain #canBeHeld can be held}.
   *
   * @param held runs on the main context, maybe in this call, when nothing is under way any more:
   *     until it is released it has no thread then, and changes nothing. Not if it ends before
   */
  default void hold(Runnable held) {}

  /** Goes on where it was held, or where it was about to be. */
  default void release() {}

  /**
   * What an attempt after this one has to know to go on where this one stands, or a retry to do
   * what this one left: an immutable record that can be written as JSON, and that fits the counts
   * of this moment. It is saved with the operation, and asked for each time the operation is shown,
   * so it is made in no time.
   *
   * @return null if there is nothing to know
   */
  default @Nullable Object mark() {
    return null;
  }

  /**
   * Takes over the work of another operation of the same kind that has the same join key (P2).
   *
   * @param newcomer an operation that was not prepared and is dropped afterwards
   */
  default Join join(Operation<?> newcomer) {
    return Join.DIFFERS;
  }

  /** How a join went. */
  enum Join {
    /** The newcomer's items are counted and will be done here. */
    JOINED,
    /** Refused: the newcomer's options are others. */
    DIFFERS,
    /** Too late: the last item is done, a new operation has to begin (P7). */
    OVER
  }
}
