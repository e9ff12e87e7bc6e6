package dev.asyncops.operations;

/**
 * What a copy did.
 *
 * @param succeeded entries copied
 * @param failed entries that are missing
 * @param skipped entries left as they were
 * @param bytes bytes written
 */
public record CopyResult(long succeeded, long failed, long skipped, long bytes) {}
