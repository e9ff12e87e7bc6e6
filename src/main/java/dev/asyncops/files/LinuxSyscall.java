package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * A system call of Linux.
 *
 * <ul>
 *   <li>All go through the C library's {@code syscall}, so it does not matter which library that is
 *       and how old: what the kernel has is there.
 *   <li>Each gives what the kernel gives: a negative number is an error, see {@link LinuxErrno}. An
 *       interrupted call is made again.
 *   <li>None is linked as critical: on a slow mount each of them may block, and a critical call
 *       would hold up the garbage collector.
 * </ul>
 *
 * <p><b>Threads</b>: any; the memory is the thread's own.
 */
final class LinuxSyscall {

  private static final MethodHandle SYSCALL = syscall();

  private LinuxSyscall() {}

  static long call(LinuxMemory memory, long number, long a, long b, long c, long d) {
    return call(memory, number, a, b, c, d, 0, 0);
  }

  static long call(
      LinuxMemory memory, long number, long a, long b, long c, long d, long e, long f) {
    long result = once(memory, number, a, b, c, d, e, f);
    while (LinuxErrno.EINTR.is(result)) {
      result = once(memory, number, a, b, c, d, e, f);
    }
    return result;
  }

  /** The call, not made again if it is interrupted. */
  static long once(
      LinuxMemory memory, long number, long a, long b, long c, long d, long e, long f) {
    try {
      long result = (long) SYSCALL.invokeExact(memory.state, number, a, b, c, d, e, f);
      return result == -1 ? -memory.errno() : result;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @SuppressWarnings("restricted") // what this room is for
  private static MethodHandle syscall() {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor longs =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        longs,
        Linker.Option.firstVariadicArg(1),
        Linker.Option.captureCallState("errno"));
  }
}
