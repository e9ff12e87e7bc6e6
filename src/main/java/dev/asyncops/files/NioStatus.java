package dev.asyncops.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/** Reads a {@link FileStatus} through the "unix" view of java.nio, by one call of the system. */
final class NioStatus {

  private static final String ATTRIBUTES =
      "unix:mode,ino,dev,nlink,uid,gid,size,lastModifiedTime,lastAccessTime";

  private static final int TYPE_BITS = 0170000;
  private static final int MODE_BITS = 07777;

  private NioStatus() {}

  static FileStatus of(Path path, LinkOption... options) throws IOException {
    Map<String, Object> values = Files.readAttributes(path, ATTRIBUTES, options);
    int mode = (int) number(values, "mode");
    return new FileStatus(
        type(mode & TYPE_BITS),
        number(values, "size"),
        mode & MODE_BITS,
        time(values, "lastModifiedTime"),
        time(values, "lastAccessTime"),
        number(values, "nlink"),
        number(values, "dev"),
        number(values, "ino"),
        (int) number(values, "uid"),
        (int) number(values, "gid"));
  }

  private static FileStatus.Type type(int bits) {
    return switch (bits) {
      case 0100000 -> FileStatus.Type.FILE;
      case 0040000 -> FileStatus.Type.DIRECTORY;
      case 0120000 -> FileStatus.Type.SYMLINK;
      default -> FileStatus.Type.OTHER;
    };
  }

  private static long number(Map<String, Object> values, String name) {
    return ((Number) Objects.requireNonNull(values.get(name), name)).longValue();
  }

  private static FileTime time(Map<String, Object> values, String name) {
    return (FileTime) Objects.requireNonNull(values.get(name), name);
  }
}
