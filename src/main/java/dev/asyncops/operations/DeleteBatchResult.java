package dev.asyncops.operations;

/**
 * What a delete-batch did.
 *
 * @param deleted entries that are gone
 * @param failed entries that could not be deleted
 * @param skipped entries that were missing anyway
 */
public record DeleteBatchResult(long deleted, long failed, long skipped) {}
