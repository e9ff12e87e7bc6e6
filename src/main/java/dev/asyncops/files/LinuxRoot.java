package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A root's directory, opened when it is first needed and held from then on.
 *
 * <p>Whether it is still the directory that the root's path leads to is looked at about once a
 * second, and whenever a call could not find something: what was mounted there, or taken away,
 * meanwhile takes effect then. The handle's number stays the same for ever, so that a call that is
 * on its way never uses one that means something else by now; for the same reason it is never
 * closed. As long as it is open the file system cannot be unmounted, except lazily.
 *
 * <p><b>Threads</b>: any.
 */
final class LinuxRoot {

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Identity(long device, long inode, long mount) {}

  private final Root root;
  private final byte[] path;

  /** Guards the opening. */
  private final Object lock = new Object();

  /** The handle's number; negative before it was opened. Written under the lock. */
  private volatile int number = -1;

  /** What is behind the number. Under the lock. */
  private @Nullable Identity behind;

  /** Whether the root was there, and then what it was. Written under the lock. */
  private volatile @Nullable Identity identity;

  private volatile long lookedNanos;

  LinuxRoot(Root root) {
    this.root = root;
    path = NameBytes.ofHostPath(root.path());
  }

  boolean isReadOnly() {
    return root.readOnly();
  }

  /** The directory; closing it does nothing. NOT_MOUNTED if it is not there. */
  LinuxHandle open(RootPath wanted) throws OperationException {
    if (isToLook()) {
      synchronized (lock) {
        if (isToLook()) {
          look();
        }
      }
    }
    if (identity == null) {
      throw Sandbox.notMounted(wanted);
    }
    return LinuxHandle.borrowed(number);
  }

  /** Looks again after a call has failed; NOT_MOUNTED if the root is not there any more. */
  void checkMounted(RootPath wanted) throws OperationException {
    synchronized (lock) {
      look();
    }
    if (identity == null) {
      throw Sandbox.notMounted(wanted);
    }
  }

  /** The names that lead from the host's root directory to this one, through no link. */
  List<String> realNames(RootPath wanted) throws OperationException {
    try {
      String real = NameBytes.decode(NameBytes.ofHostPath(root.path().toRealPath()));
      return Stream.of(real.split("/", -1)).filter(name -> !name.isEmpty()).toList();
    } catch (IOException e) {
      throw Sandbox.notMounted(wanted);
    }
  }

  private boolean isToLook() {
    return identity == null || System.nanoTime() - lookedNanos > LOOK_NANOS;
  }

  /** Under the lock. */
  private void look() {
    long opened = LinuxCalls.openHost(path);
    if (opened < 0) {
      identity = null;
    } else {
      take((int) opened);
    }
    lookedNanos = System.nanoTime();
  }

  /** Puts what was found behind the number, unless it is there already. */
  private void take(int found) {
    Identity there = identityOf(found);
    if (number < 0) {
      number = found;
    } else {
      boolean kept = there == null || there.equals(behind) || LinuxCalls.dup3(found, number) >= 0;
      LinuxCalls.close(found);
      there = kept ? there : null;
    }
    if (there != null) {
      behind = there;
    }
    identity = there;
  }

  private static @Nullable Identity identityOf(int handle) {
    if (LinuxCalls.statx(handle, "") < 0) {
      return null;
    }
    MemorySegment statx = LinuxMemory.ofThread().status;
    long device = ((long) statx.get(JAVA_INT, 136) << 32) | statx.get(JAVA_INT, 140);
    return new Identity(device, statx.get(JAVA_LONG, 32), statx.get(JAVA_LONG, 144));
  }
}
