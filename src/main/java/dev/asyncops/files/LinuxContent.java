package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moves the content of one file to another, new one: shared where the file system can (FICLONE),
 * else piece by piece in the kernel (copy_file_range, sendfile), else through memory. Holes stay
 * holes.
 *
 * <p><b>Threads</b>: one at a time.
 */
final class LinuxContent {

  /** How a piece is moved; the first is tried first, and what fails is not tried again. */
  private enum Way {
    COPY_FILE_RANGE,
    SENDFILE,
    READ_WRITE
  }

  private static final Map<Way, Way> AFTER =
      Map.of(Way.COPY_FILE_RANGE, Way.SENDFILE, Way.SENDFILE, Way.READ_WRITE);

  private static final int MEMORY = LinuxMemory.BUFFER_BYTES;

  private final LinuxContentCalls calls;
  private final RootPath source;
  private final RootPath target;
  private final LinuxHandle in;
  private final LinuxHandle out;
  private final long size;
  private final boolean holes;

  private Way way = Way.COPY_FILE_RANGE;
  private boolean cloned;

  /** The next stretch of data; before it is a hole. */
  private long dataStart;

  private long dataEnd;

  LinuxContent(
      LinuxContentCalls calls,
      RootPath source,
      RootPath target,
      LinuxStatus status,
      LinuxHandle in,
      LinuxHandle out) {
    this.calls = calls;
    this.source = source;
    this.target = target;
    this.in = in;
    this.out = out;
    size = status.status().size();
    holes = status.mayHaveHoles();
    dataEnd = holes ? 0 : size;
  }

  /** Moves on from a position, at most so many bytes; 0 if there are no more. */
  long move(long at, long atMost) throws OperationException {
    if (at == 0 && size > FileCopy.CHUNK) { // a smaller one is shared by copy_file_range
      cloned = calls.clone(in.number(), out.number()) == 0;
      if (!cloned) {
        calls.adviseSequential(in.number());
        allocate();
      }
    }
    if (cloned) {
      return atMost;
    }
    if (at >= dataEnd) {
      findData(at);
    }
    if (at < dataStart) {
      return Math.min(atMost, dataStart - at);
    }
    return moveData(at, Math.min(atMost, dataEnd - at));
  }

  /** Whether the copy shares the source's blocks, so that there are none of its own to write. */
  boolean isShared() {
    return cloned;
  }

  /** Makes the copy as long as it has to be, if its end is a hole. */
  void complete() throws OperationException {
    if (holes && !cloned) {
      check(calls.ftruncate(out.number(), size));
    }
  }

  /**
   * Saves the file system a quarter of its work; and what has no room fails before it is copied.
   */
  private void allocate() throws OperationException {
    if (!holes && LinuxFileSystems.gainByAllocation(calls.fileSystem(out.number()))) {
      long result = calls.allocate(out.number(), size);
      if (LinuxErrno.ENOSPC.is(result) || LinuxErrno.EDQUOT.is(result)) {
        check(result);
      }
    }
  }

  /** Finds the next data at or after a position; all the rest is data where it cannot be known. */
  private void findData(long at) throws OperationException {
    dataEnd = size;
    dataStart = calls.lseek(in.number(), at, LinuxNumbers.SEEK_DATA);
    if (LinuxErrno.ENXIO.is(dataStart)) {
      dataStart = size;
    } else if (LinuxErrno.EINVAL.is(dataStart)) {
      dataStart = at;
    } else {
      check(dataStart);
      long hole = calls.lseek(in.number(), dataStart, LinuxNumbers.SEEK_HOLE);
      dataStart = Math.min(dataStart, size);
      dataEnd = hole < 0 ? size : Math.min(hole, size);
    }
  }

  private long moveData(long at, long length) throws OperationException {
    while (true) {
      long moved = moveBy(way, at, length);
      if (moved > 0) {
        return moved;
      }
      Way next = next(way, moved);
      if (next == null) {
        check(moved);
        return 0;
      }
      way = next;
    }
  }

  private long moveBy(Way chosen, long at, long length) {
    return switch (chosen) {
      case COPY_FILE_RANGE -> calls.copyFileRange(in.number(), at, out.number(), at, length);
      case SENDFILE -> {
        long positioned = calls.lseek(out.number(), at, LinuxNumbers.SEEK_SET);
        yield positioned < 0 ? positioned : calls.sendfile(in.number(), at, out.number(), length);
      }
      case READ_WRITE -> readAndWrite(at, length);
    };
  }

  /** What is tried after a way that moved nothing; null if it was no fault of the way. */
  private static @Nullable Way next(Way way, long result) {
    boolean unable =
        result == 0 // some file systems say so instead of what they mean
            || LinuxErrno.EXDEV.is(result)
            || LinuxErrno.EINVAL.is(result)
            || LinuxErrno.ENOSYS.is(result)
            || LinuxErrno.EOPNOTSUPP.is(result)
            || LinuxErrno.EPERM.is(result);
    return unable ? AFTER.get(way) : null;
  }

  private long readAndWrite(long at, long length) {
    MemorySegment memory = LinuxMemory.ofThread().buffer;
    long read = calls.pread(in.number(), memory, Math.min(length, MEMORY), at);
    long written = 0;
    while (written < read) {
      long more = calls.pwrite(out.number(), memory.asSlice(written), read - written, at + written);
      if (more <= 0) {
        return more == 0 ? LinuxErrno.EIO.result() : more;
      }
      written += more;
    }
    return read;
  }

  /** The whole of a small file; INVALID_ARGUMENT if it is longer. */
  static byte[] readAll(RootPath path, LinuxHandle file, int maxBytes) throws OperationException {
    ByteBuffer all = ByteBuffer.allocate(Math.min(maxBytes, 8 << 10) + 1);
    while (read(path, file, all, all.position()) >= 0) {
      if (all.position() > maxBytes) {
        throw FileErrors.of(
            path, ErrorCode.INVALID_ARGUMENT, "is longer than " + maxBytes + " bytes");
      }
      if (!all.hasRemaining()) {
        int longer = (int) Math.min(2L * all.capacity(), maxBytes + 1L);
        all = ByteBuffer.allocate(longer).put(all.flip());
      }
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  /** Reads some of a file, for its verification; negative at the end. */
  static int read(RootPath source, LinuxHandle file, ByteBuffer to, long at)
      throws OperationException {
    MemorySegment memory = LinuxMemory.ofThread().buffer;
    long read =
        LinuxContentCalls.KERNEL.pread(file.number(), memory, Math.min(to.remaining(), MEMORY), at);
    if (read < 0) {
      throw LinuxErrno.at(source, read);
    }
    if (read == 0) {
      return -1;
    }
    to.put(memory.asSlice(0, read).asByteBuffer());
    return (int) read;
  }

  /** Most of the calls do both, read and write: the error says which of them it was of. */
  private void check(long result) throws OperationException {
    if (result < 0) {
      throw LinuxErrno.between(source, target, result);
    }
  }
}
