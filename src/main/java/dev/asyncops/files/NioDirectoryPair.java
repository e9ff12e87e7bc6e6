package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Two directories whose paths were checked once. Nothing is open: whoever puts a link in the place
 * of one leads the calls there.
 */
record NioDirectoryPair(RootPath source, RootPath target, Path from, Path to)
    implements DirectoryPair {

  @Override
  public FileStatus targetStatus(String name) throws OperationException {
    Path place = NioNames.resolve(to, name);
    return FileErrors.at(target.resolve(name), () -> NioStatus.of(place, NOFOLLOW_LINKS));
  }

  @Override
  public FileCopy openCopy(String name, String copy) throws OperationException {
    return NioFileCopy.open(
        source.resolve(name),
        NioNames.resolve(from, name),
        target.resolve(copy),
        NioNames.resolve(to, copy));
  }

  @Override
  public boolean takeOver(String name, String copy, Set<KeptAttribute> attributes, boolean durable)
      throws OperationException {
    Path old = NioNames.resolve(from, name);
    Path made = NioNames.resolve(to, copy);
    FileStatus before = regular(source.resolve(name), old);
    FileStatus there = regular(target.resolve(copy), made);
    return FileErrors.at(
        target.resolve(copy),
        () -> {
          Object changed = Files.getAttribute(made, "unix:ctime", NOFOLLOW_LINKS);
          boolean finished = there.hasContentOf(before) && !there.modified().equals(changed);
          if (finished) {
            NioAttributes.keep(old, before, made, attributes, true);
          }
          if (finished && durable) {
            sync(made);
          }
          return finished;
        });
  }

  private static FileStatus regular(RootPath path, Path place) throws OperationException {
    FileStatus status = FileErrors.at(path, () -> NioStatus.of(place, NOFOLLOW_LINKS));
    NioFileAccess.checkRegular(path, status);
    return status;
  }

  private static void sync(Path place) throws IOException {
    try (FileChannel file = FileChannel.open(place, READ, NOFOLLOW_LINKS)) {
      file.force(true);
    }
  }

  @Override
  public void copyLink(String name, String copy, Set<KeptAttribute> attributes)
      throws OperationException {
    RootPath link = source.resolve(name);
    Path old = NioNames.resolve(from, name);
    Path made = NioNames.resolve(to, copy);
    FileStatus status = FileErrors.at(link, () -> NioStatus.of(old, NOFOLLOW_LINKS));
    if (status.type() != FileStatus.Type.SYMLINK) {
      throw FileErrors.of(link, ErrorCode.SOURCE_CHANGED, "is no link any more");
    }
    Path linked = FileErrors.at(link, () -> Files.readSymbolicLink(old));
    FileErrors.at(target.resolve(copy), () -> Files.createSymbolicLink(made, linked));
    try {
      FileErrors.at(link, () -> NioAttributes.keep(old, status, made, attributes, true));
    } catch (OperationException e) {
      FileErrors.at(target.resolve(copy), () -> Files.delete(made));
      throw e;
    }
  }

  @Override
  public FileComparison openComparison(String name, String copy) throws OperationException {
    RootPath place = source.resolve(name);
    FileChannel in = openRegular(place, NioNames.resolve(from, name));
    try {
      FileChannel out = openRegular(target.resolve(copy), NioNames.resolve(to, copy));
      long size = FileErrors.at(place, in::size);
      return new FileComparison(
          new Verification(place, size, in::read, out::read),
          () -> {
            NioFileCopy.closeQuietly(in);
            NioFileCopy.closeQuietly(out);
          });
    } catch (OperationException e) {
      NioFileCopy.closeQuietly(in);
      throw e;
    }
  }

  private static FileChannel openRegular(RootPath path, Path place) throws OperationException {
    regular(path, place);
    return FileErrors.at(path, () -> FileChannel.open(place, READ, NOFOLLOW_LINKS));
  }

  @Override
  public boolean isSameLink(String name, String copy) throws OperationException {
    return read(source.resolve(name), NioNames.resolve(from, name))
        .equals(read(target.resolve(copy), NioNames.resolve(to, copy)));
  }

  private static Path read(RootPath link, Path place) throws OperationException {
    FileStatus status = FileErrors.at(link, () -> NioStatus.of(place, NOFOLLOW_LINKS));
    if (status.type() != FileStatus.Type.SYMLINK) {
      throw FileErrors.of(link, ErrorCode.SOURCE_CHANGED, "is no link any more");
    }
    return FileErrors.at(link, () -> Files.readSymbolicLink(place));
  }

  @Override
  public void publish(String temporary, String name, boolean replace) throws OperationException {
    Path old = NioNames.resolve(to, temporary);
    Path made = NioNames.resolve(to, name);
    FileErrors.at(target.resolve(name), () -> NioRename.rename(old, made, replace));
  }

  @Override
  public void close() {}
}
