package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.asyncops.async.OperationException;
import java.lang.foreign.MemorySegment;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;

/**
 * Takes attributes over from one file, directory or link to another, by handles.
 *
 * @param source whose attributes they are, for errors
 * @param target who gets them, for errors
 * @param status what is kept of them
 */
record LinuxAttributes(RootPath source, RootPath target, FileStatus status) {

  private static final int PERMISSIONS = 0777;
  private static final int SET_ID = 06000;

  /**
   * Gives an open file or directory the attributes. The owner comes first, since changing it takes
   * the set-id bits and capabilities away; the mode after the extended attributes, since it may
   * take away the right to set them; the times last, so that what has them has all the rest too.
   *
   * @param made whether the target is new, so that it needs permissions even if they are not kept
   */
  void keep(LinuxHandle from, LinuxHandle to, Set<KeptAttribute> attributes, boolean made)
      throws OperationException {
    if (attributes.contains(KeptAttribute.OWNER)) {
      keepOwner(to, "");
    }
    if (attributes.contains(KeptAttribute.XATTRS)) {
      LinuxXattrs.keep(source, target, from, to);
    }
    boolean modeKept = attributes.contains(KeptAttribute.MODE);
    if (made || modeKept) {
      check(LinuxCalls.fchmod(to.number(), mode(to, modeKept)));
    }
    if (attributes.contains(KeptAttribute.TIMES)) {
      keepTimes(to, "");
    }
  }

  /** Gives a link, or another entry, the attributes that a link has. */
  void keepOfLink(LinuxHandle directory, String name, Set<KeptAttribute> attributes)
      throws OperationException {
    if (attributes.contains(KeptAttribute.OWNER)) {
      keepOwner(directory, name);
    }
    if (attributes.contains(KeptAttribute.TIMES)) {
      keepTimes(directory, name);
    }
  }

  /** Says only what has to change, since most processes may not give files away. */
  private void keepOwner(LinuxHandle directory, String name) throws OperationException {
    FileStatus now = LinuxStatus.of(target, directory, name).status();
    int uid = now.uid() == status.uid() ? -1 : status.uid();
    int gid = now.gid() == status.gid() ? -1 : status.gid();
    if (uid != -1 || gid != -1) {
      check(LinuxCalls.fchownat(directory.number(), name, uid, gid));
    }
  }

  private void keepTimes(LinuxHandle directory, String name) throws OperationException {
    MemorySegment times = LinuxMemory.ofThread().numbers;
    put(times, 0, status.accessed());
    put(times, 16, status.modified());
    check(LinuxCalls.utimensat(directory.number(), name));
  }

  private static void put(MemorySegment times, long offset, FileTime time) {
    Instant instant = time.toInstant();
    times.set(JAVA_LONG, offset, instant.getEpochSecond());
    times.set(JAVA_LONG, offset + 8, instant.getNano());
  }

  private int mode(LinuxHandle made, boolean kept) throws OperationException {
    if (!kept) {
      return status.mode() & PERMISSIONS & ~Umask.BITS;
    }
    if ((status.mode() & SET_ID) == 0) {
      return status.mode();
    }
    FileStatus now = LinuxStatus.of(target, made).status();
    boolean sameOwner = now.uid() == status.uid() && now.gid() == status.gid();
    return sameOwner ? status.mode() : status.mode() & ~SET_ID;
  }

  private void check(long result) throws OperationException {
    if (result < 0) {
      throw LinuxErrno.between(source, target, result);
    }
  }
}
