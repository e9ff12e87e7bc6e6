package dev.asyncops.async;

/**
 * A cancellable that its parent cancels too, never the other way round (C23).
 *
 * <p>For everything that may stop a part only: a time-out, a {@code close()}, one of several
 * consumers. Close it when that part is over: a closed child leaves no handler in its parent and is
 * no longer cancelled by it.
 */
public final class LinkedCancellable extends Cancellable implements AutoCloseable {

  private final Registration link;

  LinkedCancellable(Cancellable parent) {
    link = parent.connect(this::cancel);
  }

  /**
   * Cuts the link. Waits for a cancel that is just coming from the parent, unless called from
   * inside it (C11, C12).
   */
  @Override
  public void close() {
    link.close();
  }
}
