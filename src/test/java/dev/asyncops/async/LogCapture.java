package dev.asyncops.async;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps what a class below the border logs during a test. */
public final class LogCapture implements BeforeEachCallback, AfterEachCallback {

  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          records.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  /** Listens to the logger of that class. */
  public LogCapture(Class<?> type) {
    logger = Logger.getLogger(type.getName());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    logger.setLevel(Level.ALL);
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
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
        .map(LogRecord::getMessage)
        .toList();
  }

  /** All there is. */
  public List<LogRecord> records() {
    return List.copyOf(records);
  }
}
