package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryPair;
import dev.asyncops.files.FileStatus;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes files that an attempt before has finished in the staged tree for copied.
 *
 * <p>A file with several names there may have had others in the source by then: so it is taken over
 * for one file of the source only, and only if that has several names too. Its other names become
 * links to it, which they mostly are already.
 *
 * <p>Memory: one number for each file with several names.
 *
 * <p><b>Threads</b>: any, which may block.
 */
final class CopyTakeOver {

  private final CopyPlan plan;
  private final Set<Long> withSeveralNames = ConcurrentHashMap.newKeySet();

  CopyTakeOver(CopyPlan plan) {
    this.plan = plan;
  }

  /**
   * Whether what is in a file's place is its copy, which then has its attributes too.
   *
   * @param left what is there
   * @param durable whether its content has to be on disk now
   */
  boolean isCopy(
      DirectoryPair pair, CopyEntry entry, String target, FileStatus left, boolean durable) {
    if (entry.status().type() != FileStatus.Type.FILE
        || left.type() != FileStatus.Type.FILE
        || !belongsTo(entry, left)) {
      return false;
    }
    try {
      return pair.takeOver(entry.source().name(), target, plan.kept(), durable);
    } catch (OperationException e) {
      return false; // to copy it anew tells what is wrong
    }
  }

  private boolean belongsTo(CopyEntry entry, FileStatus left) {
    return left.links() == 1
        || (plan.keepsLinks() && CopyLinks.hasSeveral(entry) && withSeveralNames.add(left.inode()));
  }
}
