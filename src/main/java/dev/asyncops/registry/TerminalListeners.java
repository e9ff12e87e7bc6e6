package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Registration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for the end of one operation; each is told at most once.
 *
 * <p><b>Threads</b>: main context only, but a registration is closed from any thread; after that
 * its listener is not told, unless it is just being told.
 */
final class TerminalListeners {

  private final MainContext context;

  /** Of most operations nobody waits for the end. */
  private Set<Waiting> waiting = Set.of();

  TerminalListeners(MainContext context) {
    this.context = context;
  }

  Registration add(Consumer<OperationSnapshot> listener) {
    Waiting added = new Waiting(listener);
    if (waiting.isEmpty()) {
      waiting = new LinkedHashSet<>();
    }
    waiting.add(added);
    return added;
  }

  /** Takes all of them out, each as what is to be run with the terminal snapshot. */
  List<Consumer<OperationSnapshot>> takeAll() {
    List<Consumer<OperationSnapshot>> all = List.copyOf(waiting);
    waiting = Set.of();
    return all;
  }

  private void remove(Waiting closed) {
    if (!waiting.isEmpty()) {
      waiting.remove(closed);
    }
  }

  private final class Waiting implements Registration, Consumer<OperationSnapshot> {

    /** Emptied by whoever comes first: the end, or the closing. */
    private final AtomicReference<@Nullable Consumer<OperationSnapshot>> listener;

    Waiting(Consumer<OperationSnapshot> listener) {
      this.listener = new AtomicReference<>(listener);
    }

    @Override
    public void accept(OperationSnapshot terminal) {
      Consumer<OperationSnapshot> taken = listener.getAndSet(null);
      if (taken != null) {
        taken.accept(terminal);
      }
    }

    @Override
    public void close() {
      if (listener.getAndSet(null) == null) {
        return;
      }
      try {
        context.invoke(Priority.DEFAULT, () -> remove(this));
      } catch (RejectedExecutionException e) {
        // The context is closed: nothing ends there any more, and everything goes with it.
      }
    }
  }
}
