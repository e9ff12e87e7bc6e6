package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A copy from channel to channel, which is copy_file_range or sendfile on Linux. */
final class NioFileCopy implements FileCopy {

  private static final Logger LOG = System.getLogger(NioFileCopy.class.getName());
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final RootPath source;
  private final RootPath target;
  private final Path sourcePlace;
  private final Path targetPlace;
  private final FileStatus before;
  private final FileChannel in;
  private final FileChannel out;
  private long copied;
  private @Nullable Verification verification;
  private boolean finished;

  private NioFileCopy(
      RootPath source,
      RootPath target,
      Path sourcePlace,
      Path targetPlace,
      FileStatus before,
      FileChannel in,
      FileChannel out) {
    this.source = source;
    this.target = target;
    this.sourcePlace = sourcePlace;
    this.targetPlace = targetPlace;
    this.before = before;
    this.in = in;
    this.out = out;
  }

  static NioFileCopy open(RootPath source, Path sourcePlace, RootPath target, Path targetPlace)
      throws OperationException {
    FileStatus before = FileErrors.at(source, () -> NioStatus.of(sourcePlace, NOFOLLOW_LINKS));
    NioFileAccess.checkRegular(source, before);
    FileChannel in =
        FileErrors.at(source, () -> FileChannel.open(sourcePlace, READ, NOFOLLOW_LINKS));
    try {
      FileChannel out = create(target, targetPlace);
      return new NioFileCopy(source, target, sourcePlace, targetPlace, before, in, out);
    } catch (OperationException e) {
      closeQuietly(in);
      throw e;
    }
  }

  private static FileChannel create(RootPath target, Path place) throws OperationException {
    return FileErrors.at(
        target, () -> FileChannel.open(place, Set.of(READ, WRITE, CREATE_NEW), PRIVATE));
  }

  @Override
  public FileStatus source() {
    return before;
  }

  @Override
  public long step(long atMost) throws OperationException {
    long chunk = Math.min(Math.min(atMost, CHUNK), before.size() - copied);
    if (chunk <= 0) {
      return 0;
    }
    long moved = between(() -> in.transferTo(copied, chunk, out));
    copied += moved;
    return moved;
  }

  /** Nothing: the system begins when it sees fit. */
  @Override
  public void startFlush() {}

  /** None: finishing does it all. */
  @Override
  public long flushStep(long atMost) {
    return 0;
  }

  @Override
  public long verifyStep(long atMost) throws OperationException {
    if (verification == null) {
      verification = new Verification(source, before.size(), in::read, out::read);
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
    between(() -> {
      NioAttributes.keep(sourcePlace, before, targetPlace, attributes, true);
      if (durable) {
        out.force(true);
      }
      out.close();
      return out;
    });
    finished = true;
    closeQuietly(in);
  }

  @Override
  public void giveUp() {
    if (!finished) {
      finished = true;
      remove();
    }
  }

  @Override
  public void close() {
    giveUp();
    closeQuietly(in);
    closeQuietly(out);
  }

  private void remove() {
    try {
      Files.deleteIfExists(targetPlace);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "What was copied of '%s' could not be removed.".formatted(source), e);
    }
  }

  private void checkUnchanged() throws OperationException {
    FileStatus now = FileErrors.at(source, () -> NioStatus.of(sourcePlace, NOFOLLOW_LINKS));
    boolean same =
        copied == before.size()
            && now.isSameFileAs(before)
            && now.size() == before.size()
            && now.modified().equals(before.modified());
    if (!same) {
      throw FileErrors.of(source, ErrorCode.SOURCE_CHANGED, "changed while it was copied");
    }
  }

  /** A call at two places: what the target lacks is said of the target. */
  private <R> R between(FileErrors.Call<R> call) throws OperationException {
    try {
      return call.run();
    } catch (Exception e) { // which exceptions, differs from method to method of java.nio
      OperationException atSource = FileErrors.of(source, e);
      throw switch (atSource.code()) {
        case NO_SPACE, READ_ONLY -> FileErrors.of(target, e);
        default -> atSource;
      };
    }
  }

  static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A file could not be closed.", e);
    }
  }
}
