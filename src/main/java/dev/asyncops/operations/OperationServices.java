package dev.asyncops.operations;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Ticker;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.IoPools;

/**
 * What every operation works with.
 *
 * @param context where its state lives and its completions come back
 * @param files the file system below the roots
 * @param pools the threads on which files are touched
 * @param bandwidth how fast all copies together may be
 */
public record OperationServices(
    MainContext context, FileAccess files, IoPools pools, Bandwidth bandwidth) {

  /** Services without a limit on the bandwidth. */
  public OperationServices(MainContext context, FileAccess files, IoPools pools) {
    this(context, files, pools, new Bandwidth(context, Ticker.system(), null));
  }
}
