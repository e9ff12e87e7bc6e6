package dev.asyncops.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies on kernels and file systems that lack some of what this one has. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LinuxContentTests extends FileAccessFixture {

  private static final int SIZE = 200_000;
  private static final int LARGE = (int) FileCopy.CHUNK + 5;

  private final Kernel kernel = new Kernel();

  @Override
  FileAccess access(Roots roots) {
    return new LinuxFileAccess(roots, kernel);
  }

  /** Makes calls fail, and counts those that do their work. */
  private static final class Kernel extends LinuxContentCalls {

    @Nullable LinuxErrno range;
    @Nullable LinuxErrno sendfile;
    @Nullable LinuxErrno cloning = LinuxErrno.EOPNOTSUPP;
    @Nullable LinuxErrno allocating;
    @Nullable LinuxErrno flushing;
    @Nullable LinuxErrno syncing;
    long endOfRange = Long.MAX_VALUE;
    long mostAtOnce = Long.MAX_VALUE;
    long fileSystem = 0xEF53;
    boolean readsNothing;
    int ranges;
    int sendfiles;
    int reads;
    int allocations;

    @Override
    long copyFileRange(int in, long inAt, int out, long outAt, long length) {
      if (range != null) {
        return range.result();
      }
      long left = Math.min(endOfRange - inAt, Math.min(length, mostAtOnce));
      if (left <= 0) {
        return 0;
      }
      ranges++;
      return super.copyFileRange(in, inAt, out, outAt, left);
    }

    @Override
    long sendfile(int in, long inAt, int out, long length) {
      if (sendfile != null) {
        return sendfile.result();
      }
      sendfiles++;
      return super.sendfile(in, inAt, out, Math.min(length, mostAtOnce));
    }

    @Override
    long pread(int handle, MemorySegment to, long length, long at) {
      reads++;
      return readsNothing ? 0 : super.pread(handle, to, length, at);
    }

    /** Fills the copy, as a file system does that shares blocks. */
    @Override
    long clone(int in, int out) {
      if (cloning != null) {
        return cloning.result();
      }
      long at = 0;
      for (long moved = 1; moved > 0; at += moved) {
        moved = super.copyFileRange(in, at, out, at, Integer.MAX_VALUE);
      }
      return 0;
    }

    @Override
    long allocate(int handle, long length) {
      allocations++;
      return allocating != null ? allocating.result() : super.allocate(handle, length);
    }

    @Override
    long awaitWriteBack(int handle, long from, long length) {
      return flushing != null ? flushing.result() : super.awaitWriteBack(handle, from, length);
    }

    @Override
    long syncfs(int handle) {
      return syncing != null ? syncing.result() : super.syncfs(handle);
    }

    @Override
    long fileSystem(int handle) {
      return fileSystem;
    }
  }

  // ---- Ways to move content

  @ParameterizedTest
  @EnumSource(names = {"EXDEV", "ENOSYS", "EINVAL", "EOPNOTSUPP", "EPERM"})
  void withoutCopyFileRange_sendfileMovesIt(LinuxErrno refusal) throws Exception {
    kernel.range = refusal;

    copyOf(SIZE);

    assertThat(kernel.sendfiles).isPositive();
    assertThat(kernel.reads).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"EXDEV", "ENOSYS", "EINVAL"})
  void withoutBoth_itIsReadAndWritten(LinuxErrno refusal) throws Exception {
    kernel.range = refusal;
    kernel.sendfile = refusal;

    copyOf(SIZE);

    assertThat(kernel.reads).isGreaterThan(SIZE / LinuxMemory.BUFFER_BYTES);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 70_000})
  void wayThatEndsTooEarly_isGoneOnByTheNext(int end) throws Exception {
    kernel.endOfRange = end;

    copyOf(SIZE);

    assertThat(kernel.ranges).isPositive();
    assertThat(kernel.sendfiles).isPositive();
  }

  @Test
  void contentThatNoWayGivesToItsEnd_isNeverShort_butFails() throws Exception {
    kernel.endOfRange = 1000;
    kernel.sendfile = LinuxErrno.EINVAL;
    kernel.readsNothing = true;
    write(SIZE);

    try (FileCopy copy = open()) {
      moveAll(copy);
      assertFails(ErrorCode.SOURCE_CHANGED, () -> copy.finish(NOTHING, false));
    }

    assertThat(data.resolve("target")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "true, true"})
  void piecesOfAnyLength_makeAWhole(boolean noRange, boolean noSendfile) throws Exception {
    kernel.mostAtOnce = 777;
    kernel.range = noRange ? LinuxErrno.EXDEV : null;
    kernel.sendfile = noSendfile ? LinuxErrno.EINVAL : null;

    copyOf(SIZE);
  }

  @Test
  void failureOfTheDisk_isNotTriedAnotherWay() throws Exception {
    kernel.range = LinuxErrno.EIO;
    write(SIZE);

    try (FileCopy copy = open()) {
      assertFails(ErrorCode.FAILED, () -> moveAll(copy));
    }

    assertThat(kernel.sendfiles).isZero();
    assertThat(data.resolve("target")).doesNotExist();
  }

  @Test
  void holes_stayHoles_alsoWhereTheyAreReadAndWritten() throws Exception {
    kernel.range = LinuxErrno.ENOSYS;
    kernel.sendfile = LinuxErrno.ENOSYS;
    try (RandomAccessFile file = new RandomAccessFile(data.resolve("source").toFile(), "rw")) {
      file.setLength(64L << 20);
      file.seek(32L << 20);
      file.write(new byte[] {1, 2, 3});
    }

    try (FileCopy copy = open()) {
      moveAll(copy);
      copy.finish(NOTHING, true);
    }

    assertThat(Files.mismatch(data.resolve("source"), data.resolve("target"))).isEqualTo(-1);
    assertThat(kernel.reads).isLessThan(10);
    assertThat(kernel.allocations).isZero();
  }

  // ---- Sharing and allocating

  @Test
  void largeFile_isShared_whereTheFileSystemCan() throws Exception {
    kernel.cloning = null;

    copyOf(LARGE);

    assertThat(kernel.ranges + kernel.sendfiles + kernel.reads).isZero();
    assertThat(kernel.allocations).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"EOPNOTSUPP", "ENOTTY", "EXDEV", "EINVAL", "EPERM", "ETXTBSY"})
  void largeFile_isCopied_whereItCannotBeShared(LinuxErrno refusal) throws Exception {
    kernel.cloning = refusal;

    copyOf(LARGE);

    assertThat(kernel.ranges).isPositive();
    assertThat(kernel.allocations).isOne();
  }

  @ParameterizedTest
  @EnumSource(names = {"EOPNOTSUPP", "ENOSYS", "EINVAL"})
  void allocationThatIsNotKnown_isDoneWithout(LinuxErrno refusal) throws Exception {
    kernel.allocating = refusal;

    copyOf(LARGE);
  }

  @Test
  void allocation_isForLargeFilesOnFileSystemsThatGain() throws Exception {
    copyOf(SIZE);
    Files.delete(data.resolve("target"));
    kernel.fileSystem = 0x9123683EL;
    copyOf(LARGE);

    assertThat(kernel.allocations).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"ENOSPC", "EDQUOT"})
  void noSpace_isSaidOfTheTarget_beforeAnythingIsCopied(LinuxErrno full) throws Exception {
    kernel.allocating = full;
    write(LARGE);

    assertNoSpaceInTheTarget();
    assertThat(kernel.ranges).isZero();
  }

  @Test
  void noSpaceInTheMiddle_isSaidOfTheTarget() throws Exception {
    kernel.range = LinuxErrno.ENOSPC;
    write(SIZE);

    assertNoSpaceInTheTarget();
  }

  private void assertNoSpaceInTheTarget() throws OperationException {
    try (FileCopy copy = open()) {
      assertThatThrownBy(() -> moveAll(copy)).hasMessageContaining("'data:target'");
      assertFails(ErrorCode.NO_SPACE, () -> moveAll(copy));
    }
    assertThat(data.resolve("target")).doesNotExist();
  }

  // ---- To disk

  @Test
  void writeBackThatFails_failsTheCopy() throws Exception {
    kernel.flushing = LinuxErrno.EIO;
    write(SIZE);

    try (FileCopy copy = open()) {
      moveAll(copy);
      assertThatThrownBy(() -> copy.flushStep(SIZE)).hasMessageContaining("'data:target'");
    }
    assertThat(data.resolve("target")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(names = {"ENOSYS", "EINVAL"})
  void writeBackThatIsNotKnown_isLeftToTheEnd(LinuxErrno refusal) throws Exception {
    kernel.flushing = refusal;
    write(SIZE);

    try (FileCopy copy = open()) {
      moveAll(copy);
      copy.startFlush();
      assertThat(copy.flushStep(SIZE - 1)).isEqualTo(SIZE - 1);
      assertThat(copy.flushStep(SIZE)).isOne();
      assertThat(copy.flushStep(SIZE)).isZero();
      copy.finish(NOTHING, true);
    }
    assertThat(Files.mismatch(data.resolve("source"), data.resolve("target"))).isEqualTo(-1);
  }

  @Test
  void syncOfAFileSystem_tellsWhatCouldNotBeWritten() throws Exception {
    try (FileSystemSync sync = files.openSync(path("data:"))) {
      assertThat(sync).isNotNull();
      sync.run();
      kernel.syncing = LinuxErrno.EIO;
      assertFails(ErrorCode.FAILED, sync::run);
    }
  }

  @Test
  void fileSystemThatIsNotKnown_isNotSyncedAtOnce_andNothingStaysOpen() throws Exception {
    kernel.fileSystem = 0x65735546; // one that is some user's process
    files.status(path("data:"));
    long before = openHandles();

    assertThat(files.openSync(path("data:"))).isNull();
    assertThat(openHandles()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "5.8.0, true",
    "5.7.19, false",
    "5.10.0-28-amd64, true",
    "6.18.44, true",
    "4.19.0, false",
    "'', false",
    "unknown, false",
  })
  void kernels_tellSince5_8(String version, boolean tells) {
    assertThat(LinuxFileSystemSync.tells(version)).isEqualTo(tells);
  }

  // ---- Giving up

  @Test
  void copyThatIsGivenUp_isGoneAtOnce_andClosedOnce() throws Exception {
    write(SIZE);
    files.status(path("data:"));
    long before = openHandles();
    FileCopy copy = open();
    copy.step(1000);

    copy.giveUp();
    assertThat(data.resolve("target")).doesNotExist();
    assertThat(openHandles()).isEqualTo(before + 2);
    Files.writeString(data.resolve("target"), "somebody else's");
    copy.giveUp();
    copy.close();
    copy.close();

    assertThat(openHandles()).isEqualTo(before);
    assertThat(data.resolve("target")).hasContent("somebody else's");
  }

  // ---- Tools

  private void copyOf(int size) throws Exception {
    write(size);
    try (FileCopy copy = open()) {
      moveAll(copy);
      copy.finish(MODE_AND_TIMES, true);
    }
    assertThat(Files.mismatch(data.resolve("source"), data.resolve("target"))).isEqualTo(-1);
  }

  private void write(int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Files.write(data.resolve("source"), content);
  }

  private FileCopy open() throws OperationException {
    return openCopy(path("data:source"), path("data:target"));
  }

  private static void moveAll(FileCopy copy) throws OperationException {
    while (copy.step(FileCopy.CHUNK) > 0) {}
  }

  private static long openHandles() throws IOException {
    try (var handles = Files.list(Path.of("/proc/self/fd"))) {
      return handles.count();
    }
  }
}
