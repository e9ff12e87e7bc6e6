package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code syncfs}, where it is as good as an fsync of everything: on file systems that are known to
 * write all and wait for it, and on kernels that tell of what could not be written (5.8).
 */
record LinuxFileSystemSync(RootPath directory, LinuxHandle handle, LinuxContentCalls calls)
    implements FileSystemSync {

  /** Whether the kernel tells of what could not be written. */
  private static final boolean TELLS = tells(System.getProperty("os.version", ""));

  /** Takes the handle; null, and the handle is closed, where syncfs is not good enough. */
  static @Nullable LinuxFileSystemSync of(
      RootPath directory, LinuxHandle handle, LinuxContentCalls calls) {
    if (TELLS && LinuxFileSystems.areSynced(calls.fileSystem(handle.number()))) {
      return new LinuxFileSystemSync(directory, handle, calls);
    }
    handle.close();
    return null;
  }

  /** Whether a kernel of that version does. */
  static boolean tells(String version) {
    Matcher numbers = Pattern.compile("^(\\d+)\\.(\\d+)").matcher(version);
    if (!numbers.find()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    return major > 5 || (major == 5 && Integer.parseInt(numbers.group(2)) >= 8);
  }

  @Override
  public void run() throws OperationException {
    long result = calls.syncfs(handle.number());
    if (result < 0) {
      throw LinuxErrno.at(directory, result);
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
