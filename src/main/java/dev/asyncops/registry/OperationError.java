package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Why an operation failed, as it is shown.
 *
 * @param code what kind of error
 * @param detail one sentence for people
 * @param stage the step of a series that failed (S7); null elsewhere
 */
public record OperationError(ErrorCode code, String detail, @Nullable String stage) {}
