package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ErrorCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Set;

/** Takes attributes over from one file, directory or link to another. */
final class NioAttributes {

  private static final int PERMISSIONS = 0777;
  private static final int SET_ID = 06000;

  private NioAttributes() {}

  /**
   * Gives the target the attributes. The mode comes last: it may take away the right to do the
   * rest.
   *
   * @param made whether the target is new, so that it needs permissions even if they are not kept
   */
  static void keep(
      Path source, FileStatus status, Path target, Set<KeptAttribute> attributes, boolean made)
      throws IOException {
    boolean link = status.type() == FileStatus.Type.SYMLINK;
    if (attributes.contains(KeptAttribute.XATTRS) && !link) {
      keepXattrs(source, target);
    }
    if (attributes.contains(KeptAttribute.TIMES)) {
      keepTimes(status, target);
    }
    if (attributes.contains(KeptAttribute.OWNER)) {
      keepOwner(status, target);
    }
    boolean modeKept = attributes.contains(KeptAttribute.MODE);
    if (!link && (made || modeKept)) {
      int mode = mode(status, target, modeKept);
      Files.setAttribute(target, "unix:mode", mode, NOFOLLOW_LINKS);
    }
  }

  static void keepTimes(FileStatus status, Path target) throws IOException {
    Files.getFileAttributeView(target, BasicFileAttributeView.class, NOFOLLOW_LINKS)
        .setTimes(status.modified(), status.accessed(), null);
  }

  /** Says only what has to change, since most processes may not give files away. */
  private static void keepOwner(FileStatus status, Path target) throws IOException {
    FileStatus now = NioStatus.of(target, NOFOLLOW_LINKS);
    if (now.gid() != status.gid()) {
      Files.setAttribute(target, "unix:gid", status.gid(), NOFOLLOW_LINKS);
    }
    if (now.uid() != status.uid()) {
      Files.setAttribute(target, "unix:uid", status.uid(), NOFOLLOW_LINKS);
    }
  }

  private static int mode(FileStatus status, Path target, boolean kept) throws IOException {
    if (!kept) {
      return status.mode() & PERMISSIONS & ~Umask.BITS;
    }
    if ((status.mode() & SET_ID) == 0) {
      return status.mode();
    }
    FileStatus now = NioStatus.of(target, NOFOLLOW_LINKS);
    boolean sameOwner = now.uid() == status.uid() && now.gid() == status.gid();
    return sameOwner ? status.mode() : status.mode() & ~SET_ID;
  }

  private static void keepXattrs(Path source, Path target) throws IOException {
    UserDefinedFileAttributeView from = xattrs(source);
    for (String name : namesOf(from)) {
      ByteBuffer value = ByteBuffer.allocate(from.size(name));
      from.read(name, value);
      xattrs(target).write(name, value.flip());
    }
  }

  /** None where the source's file system has none. */
  private static List<String> namesOf(UserDefinedFileAttributeView from) throws IOException {
    try {
      return from.list();
    } catch (IOException e) {
      if (ErrorCodes.of(e) == ErrorCode.NOT_SUPPORTED) {
        return List.of();
      }
      throw e;
    }
  }

  private static UserDefinedFileAttributeView xattrs(Path path) {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, NOFOLLOW_LINKS);
    if (view == null) {
      throw new UnsupportedOperationException("extended attributes");
    }
    return view;
  }
}
