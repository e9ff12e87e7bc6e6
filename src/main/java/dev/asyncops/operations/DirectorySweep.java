package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.OpenDirectory;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeletePiece.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Directories of one directory, emptied by a worker one after the other: it reads the names of one
 * and deletes them by that handle, and then the directory itself, unless some of the entries are
 * directories with entries. Those are told, and swept for themselves.
 *
 * <p>What becomes of the entries is told on the way: when a full reading of names was found, and
 * whenever a slice of time is over; then the rest waits for its next turn, with at most three
 * handles open.
 *
 * <p>A sweep that has found {@value #MOST_DIRECTORIES} directories reads no further. It is to be
 * done again when they are gone, so that neither memory nor open handles grow with what lies in
 * wait; names that are known to stay are passed over then.
 *
 * <p><b>Threads</b>: one worker at a time. <b>Cancellation</b>: looked at before every entry; what
 * was read and not touched is told as such.
 */
final class DirectorySweep implements Runnable {

  /** From how many directories found in one directory on it is left for a later sweep. */
  static final int MOST_DIRECTORIES = 1024;

  private static final int NAMES_READ = 256;
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How far the sweep of a directory is. */
  enum Stage {
    /** There is more to come of this sweep. */
    GOES_ON,
    /** All entries were found; it goes when those that are directories have gone. */
    LISTED,
    /** To be swept again when the directories that were found have gone. */
    LEFT_UNREAD,
    /** It is gone, or will not go because of the error. */
    OVER
  }

  /**
   * News of one directory.
   *
   * @param found how many entries were found
   * @param outcome what became of the entries; directories are those to be swept
   * @param staying the names of entries that will not go
   * @param error why it stays; null unless it is over, and then if it is gone
   */
  record Swept(
      WalkedDirectory directory,
      int found,
      Outcome outcome,
      List<String> staying,
      Stage stage,
      @Nullable OperationException error) {}

  /** Hears of the directories; called by the worker. */
  interface Listener {

    /** There is news; the sweep goes on. */
    void told(List<Swept> news);

    /** There is news, and the sweep wants another turn. */
    void sliceOver(DirectorySweep sweep, List<Swept> news);

    /** There is news, and the sweep is over. */
    void sweepOver(List<Swept> news);
  }

  private final FileAccess files;
  private final DeleteBatchOptions options;
  private final Cancellable stop;
  private final Listener listener;
  private final DeleteTally tally;

  /** Directories that were not begun. */
  private final Deque<WalkedDirectory> left;

  private List<Swept> news = new ArrayList<>(1);

  /** The directory that all of them are in. */
  private @Nullable OpenDirectory above;

  /** The directory being swept, and what is known of it. */
  private @Nullable WalkedDirectory current;

  private @Nullable OpenDirectory open;
  private @Nullable DirectoryListing listing;
  private final Deque<String> names = new ArrayDeque<>();
  private List<String> staying = new ArrayList<>(0);
  private boolean someStay;
  private boolean listed;
  private int found;
  private int directoriesFound;

  /**
   * A sweep that was not begun.
   *
   * @param directories entries of one directory
   */
  DirectorySweep(
      List<WalkedDirectory> directories,
      FileAccess files,
      DeleteBatchOptions options,
      Cancellable stop,
      Listener listener) {
    this.left = new ArrayDeque<>(directories);
    this.files = files;
    this.options = options;
    this.stop = stop;
    this.listener = listener;
    tally = new DeleteTally(options, true, stop);
  }

  @Override
  public void run() {
    long sliceEndNanos = System.nanoTime() + SLICE_NANOS;
    while (isToGoOn() && System.nanoTime() - sliceEndNanos <= 0) {
      doNext();
    }
    if (isToGoOn()) {
      tell(Stage.GOES_ON, null, 0);
      listener.sliceOver(this, takeNews());
    } else {
      tell(Stage.GOES_ON, null, names.size()); // nothing, or what the stop has left untouched
      closeCurrent();
      closeAbove();
      listener.sweepOver(takeNews());
    }
  }

  private boolean isToGoOn() {
    return (current != null || !left.isEmpty()) && !stop.isCancelled();
  }

  private void doNext() {
    WalkedDirectory directory = current;
    if (directory == null) {
      directory = left.removeFirst();
      current = directory;
    }
    try {
      if (open == null || listing == null) {
        open(directory);
      } else if (!names.isEmpty()) {
        delete(directory, open, names.removeFirst());
      } else if (!listed && isToReadOn(directory)) {
        read(directory, listing);
      } else {
        leave(directory);
      }
    } catch (Throwable e) { // whatever it is, it is this directory's
      end(Stage.OVER, ErrorCodes.toOperationException(e));
    }
  }

  /** A dry run takes nothing away, so it has to see all of a directory in one sweep. */
  private boolean isToReadOn(WalkedDirectory directory) {
    return options.dryRun() || directoriesFound < directory.mostDirectories();
  }

  private void open(WalkedDirectory directory) throws OperationException {
    RootPath path = directory.path();
    if (above == null) {
      above = GroupedDeletion.open(files, path.parent(), directory.foundFrom());
    }
    OpenDirectory opened = above.openDirectory(List.of(path.name()));
    open = opened;
    listing = opened.list();
  }

  private void read(WalkedDirectory directory, DirectoryListing from) throws OperationException {
    List<String> read = from.next(NAMES_READ);
    listed = read.isEmpty();
    for (String name : read) {
      if (!directory.isKnownToStay(name)) {
        names.addLast(name);
      }
    }
    found += names.size();
    if (names.size() == NAMES_READ) { // there may be many more, and it may take long
      tell(Stage.GOES_ON, null, 0);
      listener.told(takeNews());
    }
  }

  private void delete(WalkedDirectory directory, OpenDirectory from, String name) {
    try {
      if (options.dryRun()) {
        new DryDeletion(files).delete(directory.path().resolve(name));
      } else {
        from.delete(name);
      }
      tally.succeeded(directory.path(), name);
    } catch (Throwable e) { // whatever it is, it is this entry's
      failed(directory.path().resolve(name), ErrorCodes.toOperationException(e));
    }
  }

  private void failed(RootPath entry, OperationException error) {
    switch (tally.failed(entry, error)) {
      case DIRECTORY -> directoriesFound++;
      case STAYS -> {
        staying.add(entry.name());
        someStay = true;
      }
      case MISSING -> {}
    }
  }

  private void leave(WalkedDirectory directory) throws OperationException {
    if (!listed) {
      end(Stage.LEFT_UNREAD, null);
    } else if (directoriesFound > 0) {
      end(Stage.LISTED, null);
    } else {
      remove(directory);
      end(Stage.OVER, null);
    }
  }

  private void remove(WalkedDirectory directory) throws OperationException {
    if (above != null && !options.dryRun()) {
      above.delete(directory.path().name());
    } else if (someStay || directory.isKnownToKeepAnEntry()) {
      throw DryDeletion.notEmpty(directory.path());
    }
  }

  // ---- News

  private void end(Stage stage, @Nullable OperationException error) {
    tell(stage, error, 0);
    closeCurrent();
  }

  /** Adds what is new of the current directory, if there is one. */
  private void tell(Stage stage, @Nullable OperationException error, int untouched) {
    if (current == null) {
      return;
    }
    news.add(new Swept(current, found, tally.take(untouched), staying, stage, error));
    found = 0;
    staying = new ArrayList<>(0);
  }

  private List<Swept> takeNews() {
    List<Swept> taken = news;
    news = new ArrayList<>(1);
    return taken;
  }

  private void closeCurrent() {
    if (listing != null) {
      listing.close();
    }
    if (open != null) {
      open.close();
    }
    listing = null;
    open = null;
    current = null;
    names.clear();
    listed = false;
    someStay = false;
    directoriesFound = 0;
  }

  private void closeAbove() {
    if (above != null) {
      above.close();
      above = null;
    }
  }
}
