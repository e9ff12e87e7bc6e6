package dev.asyncops.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files of one letter, as many times as they are long, and trees of them as maps to compare. */
final class DiskContents {

  private DiskContents() {}

  /** Writes a file, with the directories above it. */
  static void write(Path file, int length, int letter) {
    byte[] content = new byte[length];
    Arrays.fill(content, (byte) letter);
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What everything there holds, by its path below; that itself by "". */
  static Map<String, String> contents(Path top) {
    try (Stream<Path> all = Files.walk(top)) {
      Map<String, String> contents = new TreeMap<>();
      all.forEach(path -> contents.put(top.relativize(path).toString(), content(path)));
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(Path path) {
    try {
      if (Files.isSymbolicLink(path)) {
        return "-> " + Files.readSymbolicLink(path);
      }
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        return "directory";
      }
      byte[] bytes = Files.readAllBytes(path);
      for (byte b : bytes) {
        if (b != bytes[0]) {
          return "mixed content";
        }
      }
      return described(bytes.length, bytes.length == 0 ? 0 : bytes[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a file of so many times that letter holds. */
  static String described(int length, int letter) {
    return length == 0 ? "empty" : "%d times %c".formatted(length, letter);
  }
}
