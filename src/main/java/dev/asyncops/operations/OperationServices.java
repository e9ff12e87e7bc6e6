package dev.asyncops.operations;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Ticker;
import dev.asyncops.files.Boots;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.IoPools;
import org.jspecify.annotations.Nullable;

/**
 * What every operation works with.
 *
 * @param context where its state lives and its completions come back
 * @param files the file system below the roots
 * @param pools the threads on which files are touched
 * @param bandwidth how fast all copies together may be
 * @param bootId which boot of the machine this is; null if that is not known
 */
public record OperationServices(
    MainContext context,
    FileAccess files,
    IoPools pools,
    Bandwidth bandwidth,
    @Nullable String bootId) {

  /** Services on this boot of the machine, which is looked up: it blocks. */
  public OperationServices(
      MainContext context, FileAccess files, IoPools pools, Bandwidth bandwidth) {
    this(context, files, pools, bandwidth, Boots.current());
  }

  /** Services without a limit on the bandwidth; as above. */
  public OperationServices(MainContext context, FileAccess files, IoPools pools) {
    this(context, files, pools, new Bandwidth(context, Ticker.system(), null));
  }
}
