package dev.asyncops.async;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One posted callback. Whoever moves the state away from READY has it: the loop to run it, or a
 * closing thread to take it back; so it runs at most once and its hook exactly once (M14).
 */
class Entry implements Registration {

  static final int READY = 0;
  static final int RUNNING = 1;
  static final int OVER = 2;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Entry.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final MainContext context;
  private final Priority priority;
  private final @Nullable String label;

  // Belong to whoever has the entry.
  private @Nullable Runnable action;
  private @Nullable Runnable release;

  @SuppressWarnings("unused") // through STATE
  private volatile int state = READY;

  Entry(
      MainContext context,
      Priority priority,
      @Nullable String label,
      Runnable action,
      @Nullable Runnable release) {
    this(context, priority, label);
    this.action = Objects.requireNonNull(action, "action");
    this.release = release;
  }

  /** For an entry that overrides {@link #act} and {@link #letGo}: it is its own action. */
  Entry(MainContext context, Priority priority, @Nullable String label) {
    this.context = context;
    this.priority = Objects.requireNonNull(priority, "priority");
    this.label = label;
  }

  final MainContext context() {
    return context;
  }

  final Priority priority() {
    return priority;
  }

  /** What it is called in log lines: its label, or else the class of its action (T27). */
  final String label() {
    if (label != null) {
      return label;
    }
    Runnable named = action;
    return named == null ? "(ended)" : named.getClass().getSimpleName();
  }

  /** Runs the action unless it was taken back; owner only. */
  final boolean dispatch() {
    if (!move(READY, RUNNING)) {
      return false;
    }
    try {
      act();
    } catch (Throwable e) { // the loop and the rest of the batch go on (M16)
      context.callbackFailed(label(), e);
    }
    ended();
    return true;
  }

  @Override
  public void close() {
    if (move(READY, OVER)) {
      letGo();
    }
  }

  void act() {
    Objects.requireNonNull(action).run();
  }

  /** What happens after a run. */
  void ended() {
    state = OVER;
    letGo();
  }

  /** Drops the action and runs the hook, so that a kept registration keeps nothing alive. */
  void letGo() {
    Runnable hook = release;
    if (hook != null) {
      release = null;
      try {
        hook.run();
      } catch (Throwable e) {
        context.callbackFailed(label(), e);
      }
    }
    action = null;
  }

  final boolean move(int from, int to) {
    return STATE.compareAndSet(this, from, to);
  }

  final boolean isOver() {
    return state == OVER;
  }
}
