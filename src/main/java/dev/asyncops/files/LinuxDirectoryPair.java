package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.util.Arrays;
import java.util.Set;

/** Two directories behind handles: what happens to their paths does not matter any more. */
final class LinuxDirectoryPair implements DirectoryPair {

  private static final int CREATE =
      LinuxNumbers.O_RDWR | LinuxNumbers.O_CREAT | LinuxNumbers.O_EXCL | LinuxNumbers.O_NOFOLLOW;

  private static final int READ = LinuxFileCopy.READ | LinuxNumbers.O_NOFOLLOW;
  private static final int LINK = LinuxNumbers.O_PATH | LinuxNumbers.O_NOFOLLOW;
  private static final int PRIVATE = 0600;

  private final LinuxSandbox sandbox;
  private final LinuxContentCalls calls;
  private final RootPath source;
  private final RootPath target;
  private final LinuxHandle from;
  private final LinuxHandle to;

  private LinuxDirectoryPair(
      LinuxSandbox sandbox,
      LinuxContentCalls calls,
      RootPath source,
      RootPath target,
      LinuxHandle from,
      LinuxHandle to) {
    this.sandbox = sandbox;
    this.calls = calls;
    this.source = source;
    this.target = target;
    this.from = from;
    this.to = to;
  }

  static LinuxDirectoryPair open(
      LinuxSandbox sandbox, LinuxContentCalls calls, RootPath source, RootPath target)
      throws OperationException {
    sandbox.checkWritable(target);
    LinuxHandle from = sandbox.directory(source);
    try {
      LinuxHandle to = sandbox.directory(target);
      return new LinuxDirectoryPair(sandbox, calls, source, target, from, to);
    } catch (OperationException e) {
      from.close();
      throw e;
    }
  }

  @Override
  public FileStatus targetStatus(String name) throws OperationException {
    sandbox.check(target, name, LinuxCalls.statx(to.number(), name));
    return LinuxStatus.taken().status();
  }

  @Override
  public FileCopy openCopy(String name, String copy) throws OperationException {
    RootPath place = source.resolve(name);
    LinuxHandle in = open(source, from, name, READ);
    try {
      LinuxStatus before = LinuxStatus.of(place, in);
      NioFileAccess.checkRegular(place, before.status());
      long created = LinuxCalls.createEntry(to.number(), copy, CREATE, PRIVATE);
      sandbox.check(target, copy, created);
      LinuxHandle out = LinuxHandle.of(created);
      return new LinuxFileCopy(sandbox, calls, place, target.resolve(copy), before, in, out);
    } catch (OperationException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public boolean takeOver(String name, String copy, Set<KeptAttribute> attributes, boolean durable)
      throws OperationException {
    RootPath place = source.resolve(name);
    RootPath made = target.resolve(copy);
    try (LinuxHandle in = openRegular(source, from, name);
        LinuxHandle out = openRegular(target, to, copy)) {
      LinuxStatus before = LinuxStatus.of(place, in);
      if (!LinuxStatus.of(made, out).isFinishedCopyOf(before)) {
        return false;
      }
      new LinuxAttributes(place, made, before.status()).keep(in, out, attributes, true);
      if (durable) {
        sandbox.check(made, calls.fsync(out.number()));
      }
      return true;
    }
  }

  @Override
  public void copyLink(String name, String copy, Set<KeptAttribute> attributes)
      throws OperationException {
    RootPath place = source.resolve(name);
    try (LinuxHandle link = open(source, from, name, LINK)) {
      FileStatus status = LinuxStatus.of(place, link).status();
      byte[] linked = targetOf(place, link);
      sandbox.check(target, copy, LinuxCalls.symlinkat(linked, to.number(), copy));
      try {
        new LinuxAttributes(place, target.resolve(copy), status).keepOfLink(to, copy, attributes);
      } catch (OperationException e) {
        sandbox.check(target, copy, LinuxCalls.unlinkat(to.number(), copy, 0));
        throw e;
      }
    }
  }

  private byte[] targetOf(RootPath place, LinuxHandle link) throws OperationException {
    long length = LinuxCalls.readlinkat(link.number(), "");
    if (LinuxErrno.ENOENT.is(length)) { // what the kernel says of anything but a link
      throw FileErrors.of(place, ErrorCode.SOURCE_CHANGED, "is no link any more");
    }
    sandbox.check(place, length);
    return LinuxLinks.taken(length);
  }

  @Override
  public void publish(String temporary, String name, boolean replace) throws OperationException {
    LinuxRename rename = new LinuxRename(to, temporary, to, name);
    sandbox.check(target, name, replace ? rename.replacing() : rename.toFreeName());
  }

  @Override
  public FileComparison openComparison(String name, String copy) throws OperationException {
    RootPath place = source.resolve(name);
    LinuxHandle in = openRegular(source, from, name);
    try {
      LinuxHandle out = openRegular(target, to, copy);
      Verification verification =
          new Verification(
              place,
              LinuxStatus.of(place, in).status().size(),
              (buffer, at) -> LinuxContent.read(place, in, buffer, at),
              (buffer, at) -> LinuxContent.read(target.resolve(copy), out, buffer, at));
      return new FileComparison(
          verification,
          () -> {
            in.close();
            out.close();
          });
    } catch (OperationException e) {
      in.close();
      throw e;
    }
  }

  private LinuxHandle openRegular(RootPath directory, LinuxHandle at, String name)
      throws OperationException {
    LinuxHandle file = open(directory, at, name, READ);
    try {
      RootPath place = directory.resolve(name);
      NioFileAccess.checkRegular(place, LinuxStatus.of(place, file).status());
      return file;
    } catch (OperationException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public boolean isSameLink(String name, String copy) throws OperationException {
    try (LinuxHandle link = open(source, from, name, LINK);
        LinuxHandle copied = open(target, to, copy, LINK)) {
      byte[] linked = targetOf(source.resolve(name), link);
      return Arrays.equals(linked, targetOf(target.resolve(copy), copied));
    }
  }

  private LinuxHandle open(RootPath directory, LinuxHandle at, String name, int flags)
      throws OperationException {
    long opened = LinuxCalls.openEntry(at.number(), name, flags);
    sandbox.check(directory, name, opened);
    return LinuxHandle.of(opened);
  }

  @Override
  public void close() {
    from.close();
    to.close();
  }
}
