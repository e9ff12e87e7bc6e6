package dev.asyncops.files;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tells one boot of the machine from another: what a process had written before it was killed is in
 * the system's cache, and stays, as long as the machine goes on.
 */
public final class Boots {

  private static final Logger LOG = System.getLogger(Boots.class.getName());
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private Boots() {}

  /** What this boot is called; null where the system does not say, as others than Linux. Blocks. */
  public static @Nullable String current() {
    try {
      String id = Files.readString(BOOT_ID).strip();
      return id.isEmpty() ? null : id;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "Which boot this is, is unknown.", e);
      return null;
    }
  }
}
