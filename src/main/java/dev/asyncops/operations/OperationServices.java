package dev.asyncops.operations;

import dev.asyncops.async.MainContext;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.IoPools;

/**
 * What every operation works with.
 *
 * @param context where its state lives and its completions come back
 * @param files the file system below the roots
 * @param pools the threads on which files are touched
 */
public record OperationServices(MainContext context, FileAccess files, IoPools pools) {}
