package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.asyncops.async.OperationException;
import java.lang.foreign.MemorySegment;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * What {@code statx} says.
 *
 * @param status what everybody may know of it
 * @param changedSeconds the time of the last change of anything, names included
 * @param changedNanos its fraction
 * @param blocks how many blocks of 512 bytes it takes
 */
record LinuxStatus(FileStatus status, long changedSeconds, int changedNanos, long blocks) {

  private static final int TYPE_BITS = 0170000;
  private static final int MODE_BITS = 07777;

  /** The status of what is open. */
  static LinuxStatus of(RootPath path, LinuxHandle handle) throws OperationException {
    return of(path, handle, "");
  }

  /** The status of an entry, a link not followed. */
  static LinuxStatus of(RootPath path, LinuxHandle directory, String name)
      throws OperationException {
    long result = LinuxCalls.statx(directory.number(), name);
    if (result < 0) {
      throw LinuxErrno.at(path, result);
    }
    return taken();
  }

  /** What the last call on this thread has said. */
  static LinuxStatus taken() {
    MemorySegment statx = LinuxMemory.ofThread().status;
    int mode = Short.toUnsignedInt(statx.get(JAVA_SHORT, 28));
    FileStatus status =
        new FileStatus(
            type(mode & TYPE_BITS),
            statx.get(JAVA_LONG, 40),
            mode & MODE_BITS,
            time(statx, 112),
            time(statx, 64),
            Integer.toUnsignedLong(statx.get(JAVA_INT, 16)),
            ((long) statx.get(JAVA_INT, 136) << 32)
                | Integer.toUnsignedLong(statx.get(JAVA_INT, 140)),
            statx.get(JAVA_LONG, 32),
            statx.get(JAVA_INT, 20),
            statx.get(JAVA_INT, 24));
    return new LinuxStatus(
        status, statx.get(JAVA_LONG, 96), statx.get(JAVA_INT, 104), statx.get(JAVA_LONG, 48));
  }

  /** Whether nobody has touched the file in between, nor renamed it. */
  boolean isUntouchedSince(LinuxStatus before) {
    return changedSeconds == before.changedSeconds
        && changedNanos == before.changedNanos
        && hasContentOf(before);
  }

  /** Whether it is the same file with the same content, as far as size and time tell. */
  boolean hasContentOf(LinuxStatus before) {
    return status.isSameFileAs(before.status)
        && status.size() == before.status.size()
        && status.modified().equals(before.status.modified());
  }

  /**
   * Whether a copy has all its content, as far as size and time tell. The time of a finished one
   * was set after it was written, which is a change of its own.
   */
  boolean isFinishedCopyOf(LinuxStatus source) {
    FileTime changed = FileTime.from(Instant.ofEpochSecond(changedSeconds, changedNanos));
    return status.hasContentOf(source.status) && !changed.equals(status.modified());
  }

  /** Whether it takes less room than its content, so there may be holes in it. */
  boolean mayHaveHoles() {
    return blocks < (status.size() + 511) / 512;
  }

  private static FileTime time(MemorySegment statx, long offset) {
    return FileTime.from(
        Instant.ofEpochSecond(statx.get(JAVA_LONG, offset), statx.get(JAVA_INT, offset + 8)));
  }

  private static FileStatus.Type type(int bits) {
    return switch (bits) {
      case 0100000 -> FileStatus.Type.FILE;
      case 0040000 -> FileStatus.Type.DIRECTORY;
      case 0120000 -> FileStatus.Type.SYMLINK;
      default -> FileStatus.Type.OTHER;
    };
  }
}
