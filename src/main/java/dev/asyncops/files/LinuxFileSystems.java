package dev.asyncops.files;

import java.util.Set;

/** What is known of file systems by their magic numbers; of all others the least is assumed. */
final class LinuxFileSystems {

  private static final long EXT = 0xEF53;
  private static final long XFS = 0x58465342;
  private static final long BTRFS = 0x9123683EL;
  private static final long F2FS = 0xF2F52010L;
  private static final long TMPFS = 0x01021994;

  private static final Set<Long> SYNCING = Set.of(EXT, XFS, BTRFS, F2FS, TMPFS);
  private static final Set<Long> ALLOCATING = Set.of(EXT, XFS);

  private LinuxFileSystems() {}

  /**
   * Whether syncfs writes all, waits for it, and tells what could not be written. On an overlay it
   * may not tell, on a user's file system (FUSE) it does not wait.
   */
  static boolean areSynced(long magic) {
    return SYNCING.contains(magic);
  }

  /**
   * Whether a file is written faster if its blocks are allocated first. On Btrfs it would not be
   * compressed then.
   */
  static boolean gainByAllocation(long magic) {
    return ALLOCATING.contains(magic);
  }
}
