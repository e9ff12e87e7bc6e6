package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.asyncops.async.OperationException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A listing by {@code getdents64}: the names of one call at a time are held, some thousand. */
final class LinuxDirectoryListing implements DirectoryListing {

  /** Where in an entry its length and its name are. */
  private static final long LENGTH = 16;

  private static final long NAME = 19;

  private final RootPath directory;
  private final LinuxHandle handle;
  private final Deque<String> names = new ArrayDeque<>();
  private boolean over;

  /** The names of a directory that was opened for this. */
  LinuxDirectoryListing(RootPath directory, LinuxHandle handle) {
    this.directory = directory;
    this.handle = handle;
  }

  @Override
  public List<String> next(int atMost) throws OperationException {
    List<String> next = new ArrayList<>();
    while (next.size() < atMost && hasNext()) {
      next.add(names.removeFirst());
    }
    return next;
  }

  @Override
  public FileStatus status(String name) throws OperationException {
    return LinuxStatus.of(directory.resolve(name), handle, name).status();
  }

  /** Whether there is another name; reads on if none is held. */
  boolean hasNext() throws OperationException {
    while (names.isEmpty() && !over) {
      read();
    }
    return !names.isEmpty();
  }

  /** The name after the last one. */
  String next() {
    return names.removeFirst();
  }

  private void read() throws OperationException {
    long length = LinuxCalls.getdents64(handle.number());
    if (length < 0 && !LinuxErrno.ENOENT.is(length)) { // ENOENT: it was removed, so it is empty
      throw LinuxErrno.at(directory, length);
    }
    over = length <= 0;
    MemorySegment entries = LinuxMemory.ofThread().buffer;
    for (long at = 0; at < length; ) {
      int entry = Short.toUnsignedInt(entries.get(JAVA_SHORT, at + LENGTH));
      add(entries, at + NAME, at + entry);
      at += entry;
    }
  }

  private void add(MemorySegment entries, long start, long limit) {
    long end = start;
    while (end < limit && entries.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    String name = NameBytes.decode(entries.asSlice(start, end - start).toArray(JAVA_BYTE));
    if (!name.equals(".") && !name.equals("..")) {
      names.addLast(name);
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
