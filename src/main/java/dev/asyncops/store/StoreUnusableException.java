package dev.asyncops.store;

import org.jspecify.annotations.Nullable;

/**
 * The registry on disk cannot be used as it is, so the service does not start; nothing is changed.
 */
public final class StoreUnusableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  StoreUnusableException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, cause);
    this.remedy = remedy;
  }

  /** What an operator can do. */
  public String remedy() {
    return remedy;
  }
}
