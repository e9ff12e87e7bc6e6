package dev.asyncops.tutorial;

import dev.asyncops.async.OperationException;
import org.jspecify.annotations.Nullable;

/** Is told once, on the main context, how something ended. */
@FunctionalInterface
interface Ended {

  /** Null says that it succeeded. */
  void ended(@Nullable OperationException error);
}
