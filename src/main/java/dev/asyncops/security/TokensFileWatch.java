package dev.asyncops.security;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Has a tokens file read again every second, on a thread of its own. It compares what is in the
 * file: a mounted secret is a link that leads to another file from one moment to the next.
 */
public final class TokensFileWatch implements AutoCloseable {

  private static final Logger LOG = System.getLogger(TokensFileWatch.class.getName());

  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("tokens-file").daemon().factory());

  private final ScheduledFuture<?> watching;

  /** Begins. */
  public TokensFileWatch(TokensFile file) {
    watching =
        thread.scheduleWithFixedDelay(
            () -> reload(file), PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A defect must not be the end of it. */
  private static void reload(TokensFile file) {
    try {
      file.reload();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "The tokens file could not be read again.", e);
    }
  }

  /** Ends. */
  @Override
  public void close() {
    watching.cancel(true);
    thread.shutdownNow();
  }
}
