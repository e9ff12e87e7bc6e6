package dev.asyncops.config;

import dev.asyncops.async.Operation;
import dev.asyncops.registry.OperationStore.Unfinished;

/**
 * Makes what is left to do for an operation that was being cancelled when the service ended: it
 * removes what the work left in the file system, counts no items, and returns CANCELLED.
 */
@FunctionalInterface
interface CleanUps {

  Operation<?> after(Unfinished cancelled);
}
