package dev.asyncops.registry;

/**
 * An operation that was not over when the service ended, and what is to become of it.
 *
 * @param stored the newest that is known of it
 * @param submission the work: for RESUMED all of it again, else only what brings it to its end,
 *     counting no items
 * @param how how it goes on
 */
public record Recovered(OperationSnapshot stored, Submission submission, Recovery how) {}
