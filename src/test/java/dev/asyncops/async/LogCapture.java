package dev.asyncops.async;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a class below the border logs during a test: its log ends in Logback, as in service.
 */
public final class LogCapture implements BeforeEachCallback, AfterEachCallback {

  private final List<ILoggingEvent> records = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
          records.add(line);
        }
      };

  /** Listens to the logger of that class. */
  public LogCapture(Class<?> type) {
    logger = (Logger) LoggerFactory.getLogger(type);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    appender.start();
    logger.setLevel(Level.TRACE);
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  /** Keeps only what is at least that important. */
  public void setLevel(Level level) {
    logger.setLevel(level);
  }

  /** The lines of that level, in order. */
  public List<String> lines(Level level) {
    return records.stream()
        .filter(line -> line.getLevel().equals(level))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** All there is. */
  public List<ILoggingEvent> records() {
    return List.copyOf(records);
  }
}
