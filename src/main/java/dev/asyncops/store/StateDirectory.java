package dev.asyncops.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The directory of the embedded registry, held by one process at a time: by a lock on a file in it,
 * which the system takes back when the process ends, however it ends. The file names the process,
 * until it gives the directory back in good order.
 */
final class StateDirectory implements AutoCloseable {

  private static final String LOCK = "lock";
  private static final String DATABASE = "registry.db";

  /** Enough for the number of a process. */
  private static final int MAX_PID_BYTES = 32;

  private final Path path;
  private final FileChannel lock;
  private final boolean abandoned;

  private StateDirectory(Path path, FileChannel lock, boolean abandoned) {
    this.path = path;
    this.lock = lock;
    this.abandoned = abandoned;
  }

  /**
   * Takes the directory, which is made, for its owner only, if it is absent.
   *
   * @throws StoreUnusableException if it is no directory, cannot be written, or is taken
   */
  static StateDirectory take(Path directory) {
    Path path = directory.toAbsolutePath().normalize();
    make(path);
    try {
      FileChannel lock =
          FileChannel.open(
              path.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      return new StateDirectory(path, lock, take(path, lock));
    } catch (IOException e) {
      throw new StoreUnusableException(
          "The state directory '%s' cannot be written.".formatted(path),
          "Make it writable for the user of the service, or set asyncops.state-dir to another"
              + " directory.",
          e);
    }
  }

  /** The file of the database; it need not exist yet. */
  Path database() {
    return path.resolve(DATABASE);
  }

  /** Where a new one is made; what is there may be removed. */
  Path newDatabase() {
    return path.resolve(DATABASE + ".new");
  }

  /** Whether whoever had it before did not give it back in good order. */
  boolean wasAbandoned() {
    return abandoned;
  }

  /** Says that all is in good order; then it is to be closed. */
  void settle() throws IOException {
    lock.truncate(0);
  }

  /** Gives the directory back. */
  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static void make(Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new StoreUnusableException(
          "The state directory '%s' is not a directory.".formatted(path),
          "Set asyncops.state-dir to a directory.",
          null);
    }
    try {
      Files.createDirectories(path, forOwnerOnly());
    } catch (IOException e) {
      throw new StoreUnusableException(
          "The state directory '%s' cannot be made.".formatted(path),
          "Make it, writable for the user of the service, or set asyncops.state-dir to another"
              + " directory.",
          e);
    }
  }

  private static FileAttribute<?>[] forOwnerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Locks the file; whether the one before has left its number there. */
  private static boolean take(Path path, FileChannel lock) throws IOException {
    if (tryLock(lock) == null) {
      String holder = read(lock);
      lock.close();
      throw new StoreUnusableException(
          "The state directory '%s' is in use by another process (pid %s)."
              .formatted(path, holder.isEmpty() ? "unknown" : holder),
          "Stop that process, or set asyncops.state-dir to another directory.",
          null);
    }
    boolean abandoned = lock.size() > 0;
    byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
    lock.truncate(0);
    lock.write(ByteBuffer.wrap(pid), 0);
    lock.force(true);
    return abandoned;
  }

  private static @Nullable FileLock tryLock(FileChannel lock) throws IOException {
    try {
      return lock.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // by this very process
    }
  }

  private static String read(FileChannel lock) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(MAX_PID_BYTES);
    lock.read(pid, 0);
    return new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
  }
}
