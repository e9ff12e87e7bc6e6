package dev.asyncops.async;

/**
 * Something that was connected, posted or scheduled and can be taken back.
 *
 * <p>Closing is idempotent and legal from any thread. What closing waits for is said by the method
 * that gave the registration: {@link Cancellable#connect} waits for a running handler (C11), {@link
 * MainContext#post} does not (M14).
 */
@FunctionalInterface
public interface Registration extends AutoCloseable {

  /** Takes it back; a second call does nothing (C13, M14). */
  @Override
  void close();

  /** A registration of nothing: what is left once a handler has already run (C7). */
  static Registration inert() {
    return () -> {};
  }
}
