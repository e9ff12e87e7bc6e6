package dev.asyncops.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the process takes away from the permissions of new files. */
final class Umask {

  /** The bits; nobody else has any rights where they cannot be found out. */
  static final int BITS = find();

  private Umask() {}

  private static int find() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("Umask:"))
          .map(line -> Integer.parseInt(line.substring(6).strip(), 8))
          .findFirst()
          .orElse(077);
    } catch (IOException | NumberFormatException e) {
      return 077;
    }
  }
}
