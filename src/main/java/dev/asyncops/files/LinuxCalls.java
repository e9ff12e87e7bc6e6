package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of Linux for directories, their entries and what is known of these. A name is
 * one entry of the directory, never a path; {@link #openBeneath} takes a path.
 *
 * <p>Results are those of {@link LinuxSyscall}. <b>Threads</b>: any; the memory is the thread's
 * own.
 */
final class LinuxCalls {

  private static final int HOW_BYTES = 24;
  private static final int MOST_TRIES = 64;

  private LinuxCalls() {}

  /** Why paths cannot be kept below a directory here; null if they can. */
  static @Nullable String whyNoOpenat2() {
    long root = openHost(new byte[] {'/'});
    if (root < 0) {
      return "the host's root directory cannot be opened: " + LinuxErrno.of(root);
    }
    try (LinuxHandle directory = LinuxHandle.of(root)) {
      int flags = LinuxNumbers.O_PATH | LinuxNumbers.O_DIRECTORY;
      long inside = openBeneath(directory.number(), List.of(), flags, 0, 0);
      if (inside < 0) { // an old kernel, or a container's filter of system calls
        return "the kernel refuses openat2: " + LinuxErrno.of(inside);
      }
      close((int) inside);
      return statx(directory.number(), "") < 0 ? "the kernel refuses statx" : null;
    }
  }

  // ---- Opening

  /**
   * Opens a path through nothing that leads out of the directory: no {@code ..}, link or mount
   * trick above it, and no link of {@code /proc}.
   *
   * @param names the path; of any length: a long one is opened in several steps, and then its links
   *     may not lead above the step's directory either
   * @return the handle's number; EXDEV if the path leads out
   */
  static long openBeneath(int directory, List<String> names, int flags, int mode, int resolve) {
    if (names.isEmpty()) {
      LinuxMemory memory = LinuxMemory.ofThread();
      LinuxMemory.put(memory.path, ".");
      return openat2(memory, directory, flags, mode, resolve);
    }
    int at = directory;
    int from = 0;
    while (true) {
      LinuxMemory memory = LinuxMemory.ofThread();
      int taken = LinuxMemory.put(memory.path, names, from);
      from += taken;
      boolean last = from == names.size();
      int how = last ? flags : LinuxNumbers.O_PATH | LinuxNumbers.O_DIRECTORY;
      long opened =
          taken == 0
              ? LinuxErrno.ENAMETOOLONG.result()
              : openat2(memory, at, how, last ? mode : 0, resolve);
      if (at != directory) {
        close(at);
      }
      if (last || opened < 0) {
        return opened;
      }
      at = (int) opened;
    }
  }

  /** Opens an entry of a directory, by no link. */
  static long openEntry(int directory, String name, int flags) {
    return createEntry(directory, name, flags, 0);
  }

  /** The same, with the mode for what is created. */
  static long createEntry(int directory, String name, int flags, int mode) {
    LinuxMemory memory = LinuxMemory.ofThread();
    return LinuxMemory.put(memory.path, name)
        ? openat2(memory, directory, flags, mode, LinuxNumbers.RESOLVE_NO_SYMLINKS)
        : LinuxErrno.ENAMETOOLONG.result();
  }

  private static long openat2(LinuxMemory memory, int at, int flags, int mode, int resolve) {
    MemorySegment how = memory.how;
    how.set(JAVA_LONG, 0, flags | LinuxNumbers.O_CLOEXEC);
    how.set(JAVA_LONG, 8, mode);
    how.set(
        JAVA_LONG, 16, resolve | LinuxNumbers.RESOLVE_BENEATH | LinuxNumbers.RESOLVE_NO_MAGICLINKS);
    long path = memory.path.address();
    long opened = 0;
    for (int i = 0; i < MOST_TRIES; i++) { // EAGAIN: a rename came in between
      opened = LinuxSyscall.call(memory, LinuxNumbers.OPENAT2, at, path, how.address(), HOW_BYTES);
      if (!LinuxErrno.EAGAIN.is(opened)) {
        break;
      }
    }
    return opened;
  }

  /** Opens a directory of the host, links followed: only for a root's own. */
  static long openHost(byte[] path) {
    LinuxMemory memory = LinuxMemory.ofThread();
    if (path.length >= LinuxMemory.PATH_BYTES) {
      return LinuxErrno.ENAMETOOLONG.result();
    }
    MemorySegment.copy(path, 0, memory.path, JAVA_BYTE, 0, path.length);
    memory.path.set(JAVA_BYTE, path.length, (byte) 0);
    int flags = LinuxNumbers.O_PATH | LinuxNumbers.O_DIRECTORY | LinuxNumbers.O_CLOEXEC;
    return LinuxSyscall.call(
        memory, LinuxNumbers.OPENAT, LinuxNumbers.AT_FDCWD, memory.path.address(), flags, 0);
  }

  /** Opens the directory that this one is in: whoever uses it makes sure which one that is. */
  static long openParent(int directory, int flags) {
    LinuxMemory memory = LinuxMemory.ofThread();
    LinuxMemory.put(memory.path, "..");
    int how = flags | LinuxNumbers.O_DIRECTORY | LinuxNumbers.O_CLOEXEC;
    return LinuxSyscall.call(memory, LinuxNumbers.OPENAT, directory, memory.path.address(), how, 0);
  }

  /** Puts what is behind one number behind another one too, in one step. */
  static long dup3(int from, int to) {
    return LinuxSyscall.call(
        LinuxMemory.ofThread(), LinuxNumbers.DUP3, from, to, LinuxNumbers.O_CLOEXEC, 0);
  }

  /** Gives a handle back; its number is free again whatever the outcome, so never twice. */
  static long close(int handle) {
    long result =
        LinuxSyscall.once(LinuxMemory.ofThread(), LinuxNumbers.CLOSE, handle, 0, 0, 0, 0, 0);
    return LinuxErrno.EINTR.is(result) ? 0 : result;
  }

  // ---- Entries of a directory

  static long mkdirat(int directory, String name, int mode) {
    LinuxMemory memory = LinuxMemory.ofThread();
    return LinuxMemory.put(memory.path, name)
        ? LinuxSyscall.call(memory, LinuxNumbers.MKDIRAT, directory, memory.path.address(), mode, 0)
        : LinuxErrno.ENAMETOOLONG.result();
  }

  static long unlinkat(int directory, String name, int flags) {
    LinuxMemory memory = LinuxMemory.ofThread();
    return LinuxMemory.put(memory.path, name)
        ? LinuxSyscall.call(
            memory, LinuxNumbers.UNLINKAT, directory, memory.path.address(), flags, 0)
        : LinuxErrno.ENAMETOOLONG.result();
  }

  static long linkat(int directory, String existing, int newDirectory, String name) {
    return two(LinuxNumbers.LINKAT, directory, existing, newDirectory, name, 0);
  }

  static long renameat2(int directory, String from, int newDirectory, String to, int flags) {
    return two(LinuxNumbers.RENAMEAT2, directory, from, newDirectory, to, flags);
  }

  private static long two(
      long number, int directory, String name, int otherDirectory, String otherName, int flags) {
    LinuxMemory memory = LinuxMemory.ofThread();
    if (!LinuxMemory.put(memory.path, name) || !LinuxMemory.put(memory.otherPath, otherName)) {
      return LinuxErrno.ENAMETOOLONG.result();
    }
    long path = memory.path.address();
    long otherPath = memory.otherPath.address();
    return LinuxSyscall.call(memory, number, directory, path, otherDirectory, otherPath, flags, 0);
  }

  static long symlinkat(byte[] target, int directory, String name) {
    LinuxMemory memory = LinuxMemory.ofThread();
    if (target.length >= LinuxMemory.PATH_BYTES || !LinuxMemory.put(memory.path, name)) {
      return LinuxErrno.ENAMETOOLONG.result();
    }
    MemorySegment.copy(target, 0, memory.otherPath, JAVA_BYTE, 0, target.length);
    memory.otherPath.set(JAVA_BYTE, target.length, (byte) 0);
    long at = memory.path.address();
    return LinuxSyscall.call(
        memory, LinuxNumbers.SYMLINKAT, memory.otherPath.address(), directory, at, 0);
  }

  /** The length of a link's target, which is in the buffer; an empty name is the handle itself. */
  static long readlinkat(int directory, String name) {
    LinuxMemory memory = LinuxMemory.ofThread();
    MemorySegment buffer = memory.buffer;
    return LinuxMemory.put(memory.path, name)
        ? LinuxSyscall.call(
            memory,
            LinuxNumbers.READLINKAT,
            directory,
            memory.path.address(),
            buffer.address(),
            buffer.byteSize())
        : LinuxErrno.ENAMETOOLONG.result();
  }

  /** Reads names into the buffer; 0 at the end. */
  static long getdents64(int directory) {
    LinuxMemory memory = LinuxMemory.ofThread();
    MemorySegment buffer = memory.buffer;
    return LinuxSyscall.call(
        memory, LinuxNumbers.GETDENTS64, directory, buffer.address(), buffer.byteSize(), 0);
  }

  // ---- Status and attributes

  /** Fills the status, a link not followed; an empty name is the handle itself. */
  static long statx(int directory, String name) {
    LinuxMemory memory = LinuxMemory.ofThread();
    if (!LinuxMemory.put(memory.path, name)) {
      return LinuxErrno.ENAMETOOLONG.result();
    }
    int flags =
        LinuxNumbers.AT_SYMLINK_NOFOLLOW
            | LinuxNumbers.AT_NO_AUTOMOUNT
            | LinuxNumbers.AT_EMPTY_PATH;
    return LinuxSyscall.call(
        memory,
        LinuxNumbers.STATX,
        directory,
        memory.path.address(),
        flags,
        LinuxNumbers.STATX_MASK,
        memory.status.address(),
        0);
  }

  /** Sets times that are in the numbers; without a name, the handle's own. */
  static long utimensat(int directory, String name) {
    LinuxMemory memory = LinuxMemory.ofThread();
    boolean own = name.isEmpty();
    if (!LinuxMemory.put(memory.path, name)) {
      return LinuxErrno.ENAMETOOLONG.result();
    }
    long path = own ? 0 : memory.path.address();
    int flags = own ? 0 : LinuxNumbers.AT_SYMLINK_NOFOLLOW;
    return LinuxSyscall.call(
        memory, LinuxNumbers.UTIMENSAT, directory, path, memory.numbers.address(), flags);
  }

  static long fchmod(int handle, int mode) {
    return LinuxSyscall.call(LinuxMemory.ofThread(), LinuxNumbers.FCHMOD, handle, mode, 0, 0);
  }

  /** Sets the mode of a handle that was opened as a path only; needs /proc. */
  static long chmodPath(int handle, int mode) {
    LinuxMemory memory = LinuxMemory.ofThread();
    LinuxMemory.put(memory.path, "/proc/self/fd/" + handle);
    return LinuxSyscall.call(
        memory, LinuxNumbers.FCHMODAT, LinuxNumbers.AT_FDCWD, memory.path.address(), mode, 0);
  }

  /** Sets owner and group, -1 for one that stays; without a name, the handle's own. */
  static long fchownat(int directory, String name, int uid, int gid) {
    LinuxMemory memory = LinuxMemory.ofThread();
    int flags = LinuxNumbers.AT_SYMLINK_NOFOLLOW | LinuxNumbers.AT_EMPTY_PATH;
    return LinuxMemory.put(memory.path, name)
        ? LinuxSyscall.call(
            memory, LinuxNumbers.FCHOWNAT, directory, memory.path.address(), uid, gid, flags, 0)
        : LinuxErrno.ENAMETOOLONG.result();
  }

  /** The length of the attributes' names, which are in the buffer, a NUL behind each. */
  static long flistxattr(int handle) {
    LinuxMemory memory = LinuxMemory.ofThread();
    MemorySegment buffer = memory.buffer;
    return LinuxSyscall.call(
        memory, LinuxNumbers.FLISTXATTR, handle, buffer.address(), buffer.byteSize(), 0);
  }

  /** The length of an attribute's value, which is in the buffer. */
  static long fgetxattr(int handle, byte[] name) {
    LinuxMemory memory = LinuxMemory.ofThread();
    MemorySegment buffer = memory.buffer;
    putBytes(memory.path, name);
    return LinuxSyscall.call(
        memory,
        LinuxNumbers.FGETXATTR,
        handle,
        memory.path.address(),
        buffer.address(),
        buffer.byteSize());
  }

  /** Sets an attribute to the first bytes of the buffer. */
  static long fsetxattr(int handle, byte[] name, long length) {
    LinuxMemory memory = LinuxMemory.ofThread();
    putBytes(memory.path, name);
    long value = memory.buffer.address();
    return LinuxSyscall.call(
        memory, LinuxNumbers.FSETXATTR, handle, memory.path.address(), value, length, 0, 0);
  }

  /** The name of an attribute has at most 255 bytes. */
  private static void putBytes(MemorySegment place, byte[] text) {
    MemorySegment.copy(text, 0, place, JAVA_BYTE, 0, text.length);
    place.set(JAVA_BYTE, text.length, (byte) 0);
  }
}
