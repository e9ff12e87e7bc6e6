package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DirectorySweep.Stage;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory whose entries are being deleted, and which goes after them.
 *
 * <p><b>Threads</b>: main context, but for the path and what is known to stay, which a sweep reads
 * on its worker and which change only between sweeps.
 */
final class WalkedDirectory {

  /**
   * What a client named, as one of many.
   *
   * @param input the number of its input
   * @param position its position there
   * @param options how it is treated, with all below it
   */
  record Origin(int input, long position, DeleteBatchOptions options) {}

  private final RootPath path;
  private final @Nullable WalkedDirectory parent;
  private final WalkedDirectory top;
  private final Origin origin;

  // Of all below it, if it is one that a client named.
  private long endedStaying;
  private long endedFailed;

  /** Entries that will not go, when the sweep began. */
  private Set<String> knownToStay = Set.of();

  private long children;
  private Stage stage = Stage.GOES_ON;
  private @Nullable OperationException error;

  /** Names of entries that will not go; null as long as there is none. */
  private @Nullable Set<String> staying;

  /** One that a client named. */
  WalkedDirectory(RootPath path, Origin origin) {
    this.path = path;
    this.origin = origin;
    parent = null;
    top = this;
  }

  /** One that was found in another. */
  WalkedDirectory(RootPath path, WalkedDirectory parent) {
    this.path = path;
    this.parent = parent;
    origin = parent.origin;
    top = parent.top;
  }

  /** The path that a client named, which it is or through which it was found. */
  Origin origin() {
    return origin;
  }

  /** The directory that a client named, which it is or through which it was found. */
  WalkedDirectory top() {
    return top;
  }

  /** Entries below a top have ended, and another walk will find them again. */
  void ended(long staying, long failed) {
    this.endedStaying += staying;
    this.endedFailed += failed;
  }

  /** How many entries below a top have ended, and another walk will find them again. */
  long endedStaying() {
    return endedStaying;
  }

  /** How many of these had failed. */
  long endedFailed() {
    return endedFailed;
  }

  RootPath path() {
    return path;
  }

  /** The directory it is an entry of; null if a client named it. */
  @Nullable WalkedDirectory parent() {
    return parent;
  }

  /** The path that a client named, through which this was found; null if it is that one itself. */
  @Nullable RootPath foundFrom() {
    return top == this ? null : top.path;
  }

  // ---- The sweeps

  /** It is about to be swept: for the first time, or once more. */
  void sweeping() {
    stage = Stage.GOES_ON;
    knownToStay = staying == null ? Set.of() : Set.copyOf(staying);
  }

  /** Whether an entry of that name was tried before, and will not go. */
  boolean isKnownToStay(String name) {
    return knownToStay.contains(name);
  }

  /** Whether an entry could not be deleted in an earlier sweep. */
  boolean isKnownToKeepAnEntry() {
    return !knownToStay.isEmpty();
  }

  /**
   * How many directories a sweep may find before it ends: more where many stay, as each sweep reads
   * those again.
   */
  int mostDirectories() {
    return DirectorySweep.MOST_DIRECTORIES + knownToStay.size();
  }

  /** How far the last sweep is, and why it cannot go on. */
  void swept(Stage stage, @Nullable OperationException error) {
    this.stage = stage;
    this.error = error;
  }

  Stage stage() {
    return stage;
  }

  /** Why it will not go; null if nothing is known against it. */
  @Nullable OperationException error() {
    return error;
  }

  // ---- The entries

  /** So many entries are directories, which are still to go. */
  void directoriesFound(int number) {
    children += number;
  }

  /** A directory in it is gone, or will not go. */
  void directoryEnded(WalkedDirectory child, boolean stays) {
    children--;
    if (stays) {
      stay(List.of(child.path.name()));
    }
  }

  /** Entries will not go. */
  void stay(Collection<String> names) {
    if (!names.isEmpty()) {
      if (staying == null) {
        staying = new HashSet<>();
      }
      staying.addAll(names);
    }
  }

  /** Whether an entry could not be deleted. */
  boolean keepsAnEntry() {
    return staying != null;
  }

  /** Whether nothing below it is left to do, as far as it was read. */
  boolean isSettled() {
    return stage != Stage.GOES_ON && children == 0;
  }
}
