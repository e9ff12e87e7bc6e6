package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A copy between two handles. */
final class LinuxFileCopy implements FileCopy {

  private static final Logger LOG = System.getLogger(LinuxFileCopy.class.getName());

  /** Not waiting: a FIFO in the file's place would keep us for ever. */
  static final int READ = LinuxNumbers.O_RDONLY | LinuxNumbers.O_NONBLOCK | LinuxNumbers.O_NOCTTY;

  private final LinuxSandbox sandbox;
  private final LinuxContentCalls calls;
  private final RootPath source;
  private final RootPath target;
  private final LinuxStatus before;
  private final LinuxHandle in;
  private final LinuxHandle out;
  private final LinuxContent content;
  private long copied;
  private long flushing;
  private long flushed;
  private @Nullable Verification verification;
  private boolean over;

  /** Takes both handles. */
  LinuxFileCopy(
      LinuxSandbox sandbox,
      LinuxContentCalls calls,
      RootPath source,
      RootPath target,
      LinuxStatus before,
      LinuxHandle in,
      LinuxHandle out) {
    this.sandbox = sandbox;
    this.calls = calls;
    this.source = source;
    this.target = target;
    this.before = before;
    this.in = in;
    this.out = out;
    content = new LinuxContent(calls, source, target, before, in, out);
  }

  @Override
  public FileStatus source() {
    return before.status();
  }

  @Override
  public long step(long atMost) throws OperationException {
    long left = before.status().size() - copied;
    long chunk = Math.min(Math.min(atMost, CHUNK), left);
    if (chunk <= 0) {
      return 0;
    }
    long moved = content.move(copied, chunk);
    copied += moved;
    return moved;
  }

  @Override
  public void startFlush() {
    if (copied > flushing && !content.isShared()) {
      calls.startWriteBack(out.number(), flushing, copied - flushing); // only a hint, so unchecked
      flushing = copied;
    }
  }

  @Override
  public long flushStep(long atMost) throws OperationException {
    long length = Math.min(atMost, copied - flushed);
    if (length <= 0 || content.isShared()) {
      return 0;
    }
    long result = calls.awaitWriteBack(out.number(), flushed, length);
    if (!LinuxErrno.ENOSYS.is(result) && !LinuxErrno.EINVAL.is(result)) { // else finishing does it
      sandbox.check(target, result);
    }
    flushed += length;
    return length;
  }

  @Override
  public long verifyStep(long atMost) throws OperationException {
    if (verification == null) {
      content.complete();
      verification =
          new Verification(
              source,
              before.status().size(),
              (to, at) -> LinuxContent.read(source, in, to, at),
              (to, at) -> LinuxContent.read(source, out, to, at));
    }
    try {
      return verification.step(Math.min(atMost, CHUNK));
    } catch (OperationException e) {
      checkUnchanged(); // then that is why they differ
      throw e;
    }
  }

  @Override
  public String sha256() {
    if (verification == null) {
      throw new IllegalStateException("Nothing was verified.");
    }
    return verification.sha256();
  }

  @Override
  public void finish(Set<KeptAttribute> attributes, boolean durable) throws OperationException {
    checkUnchanged();
    content.complete();
    new LinuxAttributes(source, target, before.status()).keep(in, out, attributes, true);
    if (durable) {
      sandbox.check(target, calls.fsync(out.number()));
    }
    sandbox.check(target, out.closed()); // where a network file system tells that it is full
    over = true;
    in.close();
  }

  @Override
  public void giveUp() {
    if (!over) {
      over = true;
      remove();
    }
  }

  @Override
  public void close() {
    giveUp();
    in.close();
    out.close();
  }

  /** Removes what was written, if it still is at its place. */
  private void remove() {
    try (LinuxHandle parent = sandbox.parentForChange(target)) {
      if (isOurs(LinuxStatus.of(target, parent, target.name()).status())) {
        sandbox.check(target, LinuxOpenDirectory.remove(parent, target.name()));
      }
    } catch (OperationException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        LOG.log(Level.WARNING, "What was copied of '%s' was left behind.".formatted(source), e);
      }
    }
  }

  private boolean isOurs(FileStatus there) throws OperationException {
    return !out.isOpen() || LinuxStatus.of(target, out).status().isSameFileAs(there);
  }

  /** One call if nobody has touched the source; else it is looked at by its name too. */
  private void checkUnchanged() throws OperationException {
    boolean whole = copied == before.status().size();
    if (whole && LinuxStatus.of(source, in).isUntouchedSince(before)) {
      return;
    }
    try (LinuxHandle named = sandbox.open(source, LinuxNumbers.O_PATH)) {
      if (!whole || !LinuxStatus.of(source, named).hasContentOf(before)) {
        throw FileErrors.of(source, ErrorCode.SOURCE_CHANGED, "changed while it was copied");
      }
    }
  }
}
