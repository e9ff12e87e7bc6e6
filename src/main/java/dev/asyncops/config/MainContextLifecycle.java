package dev.asyncops.config;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.MainContextWatchdog;
import dev.asyncops.files.IoPools;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the main context on its one thread from before the web server accepts until after it has
 * gone (M19).
 *
 * <p>At the end the pools take on no more operations first, so that what they still finish is
 * delivered; then the context delivers what is queued and closes, and its thread is joined (M21).
 * Each step is bounded: a callback that hangs delays the end of the process and does not prevent
 * it.
 *
 * <p><b>Threads</b>: Spring's, for starting and stopping; {@link #isAlive} from any.
 */
final class MainContextLifecycle implements SmartLifecycle {

  /** Below both phases of the web server: started before it, stopped after it. */
  static final int PHASE = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1024;

  private static final Logger LOG = System.getLogger(MainContextLifecycle.class.getName());
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(2);

  private final MainContext context;
  private final MainContextWatchdog watchdog;
  private final IoPools pools;
  private final Duration deadline;
  private volatile @Nullable Thread thread;

  MainContextLifecycle(MainContext context, MainContextWatchdog watchdog, IoPools pools) {
    this(context, watchdog, pools, CLOSE_DEADLINE);
  }

  /** With a time of its own for each of the two steps of closing. */
  MainContextLifecycle(
      MainContext context, MainContextWatchdog watchdog, IoPools pools, Duration deadline) {
    this.context = context;
    this.watchdog = watchdog;
    this.pools = pools;
    this.deadline = deadline;
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name(context.name()).daemon(false).start(context::run);
    watchdog.start();
  }

  @Override
  public void stop() {
    Thread loop = thread;
    pools.close();
    context.close(deadline);
    watchdog.close();
    if (loop != null && !joined(loop)) {
      LOG.log(Level.WARNING, "The main context did not end in time; the process ends without it.");
    }
    thread = null;
  }

  /** From the start to the end of {@link #stop}, even if the thread should die in between. */
  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /** Whether the thread runs. */
  boolean isAlive() {
    Thread loop = thread;
    return loop != null && loop.isAlive();
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  /** A closed context cannot be opened again. */
  @Override
  public boolean isPauseable() {
    return false;
  }

  private boolean joined(Thread loop) {
    try {
      return loop.join(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
