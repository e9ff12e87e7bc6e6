package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What one thread needs outside the heap to make system calls: allocated once, used by every call
 * anew. What a call has left here must be taken out before the next call.
 *
 * <p><b>Threads</b>: each has its own, which goes with it.
 */
final class LinuxMemory {

  /** The longest path of a call, the NUL at its end included. */
  static final int PATH_BYTES = 4096;

  /** The longest value of an extended attribute. */
  static final int BUFFER_BYTES = 64 << 10;

  private static final ThreadLocal<LinuxMemory> OF_THREAD =
      ThreadLocal.withInitial(LinuxMemory::new);

  /** Where errno is captured. */
  final MemorySegment state;

  /** The path of a call, and the first one where there are two. */
  final MemorySegment path;

  /** The second path. */
  final MemorySegment otherPath;

  /** A {@code struct open_how}: flags, mode, resolve. */
  final MemorySegment how;

  /** A {@code struct statx}. */
  final MemorySegment status;

  /** Two numbers: offsets, or times of two longs each. */
  final MemorySegment numbers;

  /** Names of a directory, the target of a link, attributes, data. */
  final MemorySegment buffer;

  private LinuxMemory() {
    Arena arena = Arena.ofAuto();
    state = arena.allocate(Linker.Option.captureStateLayout());
    path = arena.allocate(PATH_BYTES);
    otherPath = arena.allocate(PATH_BYTES);
    how = arena.allocate(24, 8);
    status = arena.allocate(256, 8);
    numbers = arena.allocate(32, 8);
    buffer = arena.allocate(BUFFER_BYTES, 8);
  }

  static LinuxMemory ofThread() {
    return OF_THREAD.get();
  }

  int errno() {
    return state.get(JAVA_INT, 0);
  }

  /** Writes a name, or a path of names; false if it is too long. */
  static boolean put(MemorySegment place, String name) {
    long end = append(place, 0, name);
    if (end >= 0) {
      place.set(JAVA_BYTE, end, (byte) 0);
    }
    return end >= 0;
  }

  /**
   * Writes names with slashes between them, as many as there is room for.
   *
   * @return how many of them
   */
  static int put(MemorySegment place, List<String> names, int from) {
    long end = 0;
    int next = from;
    while (next < names.size()) {
      long start = end == 0 ? 0 : end + 1;
      long nextEnd = append(place, start, names.get(next));
      if (nextEnd < 0) {
        break;
      }
      if (start > 0) {
        place.set(JAVA_BYTE, end, (byte) '/');
      }
      end = nextEnd;
      next++;
    }
    place.set(JAVA_BYTE, end, (byte) 0);
    return next - from;
  }

  /** The end of what was written, or -1 if it has no room with a NUL behind it. */
  private static long append(MemorySegment place, long start, String name) {
    int length = name.length();
    if (start + length >= PATH_BYTES) {
      return -1;
    }
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      if (c >= 0x80) {
        return appendBytes(place, start, NameBytes.encode(name));
      }
      place.set(JAVA_BYTE, start + i, (byte) c);
    }
    return start + length;
  }

  private static long appendBytes(MemorySegment place, long start, byte[] name) {
    if (start + name.length >= PATH_BYTES) {
      return -1;
    }
    MemorySegment.copy(name, 0, place, JAVA_BYTE, start, name.length);
    return start + name.length;
  }
}
