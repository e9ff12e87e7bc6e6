package dev.asyncops.operations;

/**
 * What a copy has to know of an attempt before: whether what that has written is still as it was
 * written. It is after its process was killed, and need not be after a boot of the machine.
 *
 * @param bootId the boot of the machine on which all was written that the attempt may have left
 */
public record CopyMark(String bootId) {}
