package dev.asyncops.files;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many paths below one root as bytes, and back: the bytes that the file system has below the root,
 * with NUL after each path. So every name comes back as it was, valid UTF-8 or not.
 *
 * <p><b>Threads</b>: one at a time.
 */
public final class PathBytes {

  private static final byte END = 0;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int paths;

  /** Adds a path; its root is not kept. */
  public void add(RootPath path) {
    bytes.writeBytes(NameBytes.encode(path.relative()));
    bytes.write(END);
    paths++;
  }

  /** How many paths there are. */
  public int paths() {
    return paths;
  }

  /** How many bytes they take. */
  public int size() {
    return bytes.size();
  }

  /** The bytes, which are forgotten here. */
  public byte[] take() {
    byte[] taken = bytes.toByteArray();
    bytes.reset();
    paths = 0;
    return taken;
  }

  /**
   * The paths of these bytes. Those that follow one of the same directory share it with that one.
   *
   * @throws IllegalArgumentException if there is something else in them
   */
  public static List<RootPath> read(String root, byte[] bytes) {
    List<RootPath> paths = new ArrayList<>();
    RootPath top = new RootPath(root, List.of());
    @Nullable RootPath directory = null;
    int prefixStart = 0;
    int prefixLength = -1; // with the slash; of the path before
    int start = 0;
    for (int end = start; end < bytes.length; end++) {
      if (bytes[end] != END) {
        continue;
      }
      int length = lengthOfPrefix(bytes, start, end);
      if (directory == null
          || !Arrays.equals(
              bytes, prefixStart, prefixStart + prefixLength, bytes, start, start + length)) {
        directory = directoryOf(top, text(bytes, start, start + length));
        prefixStart = start;
        prefixLength = length;
      }
      paths.add(directory.resolve(text(bytes, start + length, end)));
      start = end + 1;
    }
    if (start != bytes.length) {
      throw new IllegalArgumentException("The last path has no end.");
    }
    return paths;
  }

  private static int lengthOfPrefix(byte[] bytes, int start, int end) {
    int at = end;
    while (at > start && bytes[at - 1] != '/') {
      at--;
    }
    return at - start;
  }

  private static RootPath directoryOf(RootPath top, String prefix) {
    RootPath directory = top;
    int start = 0;
    for (int slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', start)) {
      directory = directory.resolve(prefix.substring(start, slash));
      start = slash + 1;
    }
    return directory;
  }

  private static String text(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return NameBytes.decode(Arrays.copyOfRange(bytes, from, to));
      }
    }
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
