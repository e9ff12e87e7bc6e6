package dev.asyncops.files;

import org.jspecify.annotations.Nullable;

/**
 * The file access that suits this system, chosen once at the start.
 *
 * @param files what was chosen
 * @param name what it is, e.g. {@code linux-openat2}
 * @param guarantee what keeps calls inside their root, in a sentence for operators
 * @param reason why it is not the stronger one; null if it is
 */
public record FileAccesses(
    FileAccess files, String name, String guarantee, @Nullable String reason) {

  /**
   * Calls relative to directories where the kernel and the Java runtime allow them, else {@code
   * java.nio}. Tries them, but opens no root yet.
   */
  public static FileAccesses forThisSystem(Roots roots) {
    String reason = whyNotLinux();
    return reason == null ? linux(roots) : nio(roots, reason);
  }

  static FileAccesses nio(Roots roots, String reason) {
    return new FileAccesses(
        new NioFileAccess(roots),
        "java-nio",
        "paths are checked and then used: safe unless somebody who may write below a root swaps a"
            + " directory for a link at that very moment",
        reason);
  }

  private static FileAccesses linux(Roots roots) {
    return new FileAccesses(
        new LinuxFileAccess(roots),
        "linux-openat2",
        "the kernel keeps every path below its root, whatever others change meanwhile",
        null);
  }

  /** One line for the log. */
  @Override
  public String toString() {
    String chosen = "File access %s: %s.".formatted(name, guarantee);
    return reason == null ? chosen : chosen + " Not linux-openat2: " + reason + ".";
  }

  private static @Nullable String whyNotLinux() {
    if (!LinuxNumbers.KNOWN) {
      return "this is not Linux on x86-64 or AArch64";
    }
    if (!FileAccesses.class.getModule().isNativeAccessEnabled()) {
      return "Java was started without --enable-native-access=ALL-UNNAMED";
    }
    try {
      return LinuxCalls.whyNoOpenat2();
    } catch (LinkageError | RuntimeException e) {
      return "the system calls cannot be linked: " + e;
    }
  }
}
