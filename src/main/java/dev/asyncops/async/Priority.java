package dev.asyncops.async;

/**
 * How soon an entry of a {@link MainContext} is dispatched, and how soon a queued operation starts.
 *
 * <p>The constants are declared from most to least urgent, so {@link #compareTo} and {@link
 * #ordinal} order them. Lower {@linkplain #value() values} are sooner, as in GLib (M9).
 */
public enum Priority {
  /** Before everything else: what a person waits for. */
  HIGH(-100),
  /** Completions, invocations and timeouts, unless said otherwise. */
  DEFAULT(0),
  /** Idle work that should come before other idle work. */
  HIGH_IDLE(100),
  /** Idle work: runs when no completion is ready. */
  DEFAULT_IDLE(200),
  /** Background work that may wait for ever while anything else is ready. */
  LOW(300);

  private final int value;

  Priority(int value) {
    this.value = value;
  }

  /** GLib's number for this priority; smaller is sooner. */
  public int value() {
    return value;
  }
}
