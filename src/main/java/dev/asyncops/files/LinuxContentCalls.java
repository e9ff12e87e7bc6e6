package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * The system calls of Linux that move the content of files and put it on disk. Results are those of
 * {@link LinuxSyscall}. Not final, so that a test can be a kernel or a file system that lacks some
 * of them.
 *
 * <p><b>Threads</b>: any; the memory is the thread's own.
 */
class LinuxContentCalls {

  /** Those of this kernel. */
  static final LinuxContentCalls KERNEL = new LinuxContentCalls();

  /** Copies in the kernel, from one place in one file to one in another. */
  long copyFileRange(int in, long inAt, int out, long outAt, long length) {
    LinuxMemory memory = LinuxMemory.ofThread();
    MemorySegment numbers = memory.numbers;
    numbers.set(JAVA_LONG, 0, inAt);
    numbers.set(JAVA_LONG, 8, outAt);
    long first = numbers.address();
    return LinuxSyscall.call(
        memory, LinuxNumbers.COPY_FILE_RANGE, in, first, out, first + 8, length, 0);
  }

  /** Copies in the kernel, to where the other file is positioned. */
  long sendfile(int in, long inAt, int out, long length) {
    LinuxMemory memory = LinuxMemory.ofThread();
    memory.numbers.set(JAVA_LONG, 0, inAt);
    return LinuxSyscall.call(
        memory, LinuxNumbers.SENDFILE, out, in, memory.numbers.address(), length);
  }

  long pread(int handle, MemorySegment to, long length, long at) {
    return LinuxSyscall.call(
        LinuxMemory.ofThread(), LinuxNumbers.PREAD64, handle, to.address(), length, at);
  }

  long pwrite(int handle, MemorySegment from, long length, long at) {
    return LinuxSyscall.call(
        LinuxMemory.ofThread(), LinuxNumbers.PWRITE64, handle, from.address(), length, at);
  }

  long lseek(int handle, long to, int whence) {
    return LinuxSyscall.call(LinuxMemory.ofThread(), LinuxNumbers.LSEEK, handle, to, whence, 0);
  }

  long ftruncate(int handle, long length) {
    return LinuxSyscall.call(LinuxMemory.ofThread(), LinuxNumbers.FTRUNCATE, handle, length, 0, 0);
  }

  /** Allocates the blocks of a file that will have that length; its length stays. */
  long allocate(int handle, long length) {
    int flags = LinuxNumbers.FALLOC_FL_KEEP_SIZE;
    return LinuxSyscall.call(
        LinuxMemory.ofThread(), LinuxNumbers.FALLOCATE, handle, flags, 0, length);
  }

  /** Makes a file share the blocks of another, if the file system can. */
  long clone(int in, int out) {
    return LinuxSyscall.call(
        LinuxMemory.ofThread(), LinuxNumbers.IOCTL, out, LinuxNumbers.FICLONE, in, 0);
  }

  /** Says that a file will be read from its begin to its end. */
  long adviseSequential(int handle) {
    return LinuxSyscall.call(
        LinuxMemory.ofThread(), LinuxNumbers.FADVISE, handle, 0, 0, LinuxNumbers.FADV_SEQUENTIAL);
  }

  long fsync(int handle) {
    return LinuxSyscall.call(LinuxMemory.ofThread(), LinuxNumbers.FSYNC, handle, 0, 0, 0);
  }

  /** Has a part of a file written to disk; does not wait. */
  long startWriteBack(int handle, long from, long length) {
    return syncRange(handle, from, length, LinuxNumbers.SYNC_FILE_RANGE_WRITE);
  }

  /** Waits until a part of a file is written; not its length, nor where it is. */
  long awaitWriteBack(int handle, long from, long length) {
    int flags =
        LinuxNumbers.SYNC_FILE_RANGE_WAIT_BEFORE
            | LinuxNumbers.SYNC_FILE_RANGE_WRITE
            | LinuxNumbers.SYNC_FILE_RANGE_WAIT_AFTER;
    return syncRange(handle, from, length, flags);
  }

  private static long syncRange(int handle, long from, long length, int flags) {
    LinuxMemory memory = LinuxMemory.ofThread();
    return LinuxSyscall.call(memory, LinuxNumbers.SYNC_FILE_RANGE, handle, from, length, flags);
  }

  /** Puts a whole file system on disk; tells what could not be written since the handle exists. */
  long syncfs(int handle) {
    return LinuxSyscall.call(LinuxMemory.ofThread(), LinuxNumbers.SYNCFS, handle, 0, 0, 0);
  }

  /** The magic number of the file system that something open is on. */
  long fileSystem(int handle) {
    LinuxMemory memory = LinuxMemory.ofThread();
    MemorySegment buffer = memory.buffer;
    long result = LinuxSyscall.call(memory, LinuxNumbers.FSTATFS, handle, buffer.address(), 0, 0);
    return result < 0 ? result : buffer.get(JAVA_LONG, 0);
  }
}
