package dev.asyncops.operations;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the walk has to tell, in the order in which it happened. */
sealed interface CopyFound {

  /**
   * Entries of a directory.
   *
   * @param directory where they are
   * @param entries files, links and directories
   * @param broken those that cannot even be begun
   */
  record Names(CopyDirectory directory, List<CopyEntry> entries, List<ItemResult> broken)
      implements CopyFound {}

  /** Entries that were chosen, and so counted already, ended before they were begun. */
  record Ended(List<ItemResult> results) implements CopyFound {}

  /** A directory was made, or found, at the destination; its entries follow. */
  record Entered(CopyDirectory directory) implements CopyFound {}

  /** A directory was not entered; there is nothing below it. */
  record NotEntered(CopyEntry entry, ItemResult result) implements CopyFound {}

  /** A directory's entries were all named, or could not be. */
  record Listed(CopyDirectory directory, @Nullable OperationException error) implements CopyFound {}
}
