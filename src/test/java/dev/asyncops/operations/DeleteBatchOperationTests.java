package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.Operation.Join;
import dev.asyncops.async.Priority;
import dev.asyncops.files.RootPath;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeleteBatchOperationTests extends DeleteBatchFixture {

  // ---- Counting and completing

  @Test
  void p1_p5_allPathsAreDeleted_andTheEndIsToldOnce() throws IOException {
    List<RootPath> paths = files(200);

    OperationDriver<DeleteBatchResult> driver = driver(batch(paths)).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(200, 0, 0));
    assertThat(driver.ended(ItemState.SUCCEEDED)).isEqualTo(200);
    assertThat(driver.deliveries()).isEqualTo(1);
    assertThat(driver.phases()).containsExactly("DELETING");
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void p3_allPathsAreCounted_beforeTheFirstIsBegun() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(50)));

    assertThat(driver.total()).isEqualTo(50);
    assertThat(driver.pending()).isEqualTo(50);
    assertThat(driver.toStart()).isEqualTo(50);
    assertThat(driver.isScanned()).isTrue();
    assertThat(data.toFile().list()).hasSize(50);
  }

  @Test
  void p11_everyChangeIsReported_andTheLastReportSaysThatNothingIsLeft() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(100)));
    List<Long> pending = new ArrayList<>();
    driver.onChange(() -> pending.add(driver.pending()));

    driver.run();

    assertThat(pending).isSortedAccordingTo(Comparator.reverseOrder()).startsWith(100L);
    assertThat(pending.getLast()).isZero();
    assertThat(pending.stream().distinct().count()).as("it moves in steps").isGreaterThan(3);
  }

  @Test
  void p12_emptyList_succeedsDeferredWithZeroOfZero() {
    OperationDriver<DeleteBatchResult> driver = driver(batch(List.of()));

    driver.start();
    int deliveriesInStart = driver.deliveries();
    driver.finish();

    assertThat(deliveriesInStart).isZero();
    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(0, 0, 0));
    assertThat(driver.total()).isZero();
  }

  @Test
  void p9_failures_areReportedWithPathAndCode_andStopNothing() throws IOException {
    List<RootPath> paths = new ArrayList<>(files(10));
    paths.addFirst(path("missing"));
    paths.add(5, path("full"));
    Files.createDirectory(data.resolve("full"));
    Files.createFile(data.resolve("full/inside"));

    OperationDriver<DeleteBatchResult> driver = driver(batch(paths)).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(10, 2, 0));
    assertThat(driver.items())
        .extracting(ItemResult::path, ItemResult::state, ItemResult::code)
        .containsExactlyInAnyOrder(
            tuple("data:missing", ItemState.FAILED, ErrorCode.NOT_FOUND),
            tuple("data:full", ItemState.FAILED, ErrorCode.NOT_EMPTY));
  }

  @Test
  void unexpectedException_isTheFailureOfItsPathAlone() throws IOException {
    hook = (_, path) -> failIf(path.name().equals("f3"), new IllegalStateException("broken"));

    OperationDriver<DeleteBatchResult> driver = driver(batch(files(10))).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(9, 1, 0));
    assertThat(driver.items()).extracting(ItemResult::code).containsExactly(ErrorCode.FAILED);
  }

  @Test
  void p15_listIsCopied() throws IOException {
    List<RootPath> paths = new ArrayList<>(files(3));
    OperationDriver<DeleteBatchResult> driver = driver(batch(paths));
    paths.clear();

    driver.run();

    assertThat(driver.value().deleted()).isEqualTo(3);
  }

  @Test
  void p14_pathsInFlightAreBounded() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(5_000)));
    long[] most = new long[1];
    driver.onChange(() -> most[0] = Math.max(most[0], driver.pending() - driver.toStart()));

    driver.run();

    assertThat(most[0]).isPositive().isLessThanOrEqualTo(2L * THREADS * LeftToDelete.Paths.MOST);
    assertThat(driver.value().deleted()).isEqualTo(5_000);
  }

  // ---- Joining

  @Test
  void p2_join_growsTheCounts_andIsDoneInTheSameRun() throws IOException {
    Gate gate = gateAt("f0");
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(5)));
    driver.start();
    gate.awaitReached();

    Join joined = driver.join(batch(files("g", 7)));
    long total = driver.total();
    long pending = driver.pending();
    gate.open();
    driver.finish();

    assertThat(joined).isEqualTo(Join.JOINED);
    assertThat(total).isEqualTo(12);
    assertThat(pending).isEqualTo(12);
    assertThat(driver.value().deleted()).isEqualTo(12);
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void p2_joinBeforeTheStart_isDoneToo() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(5)));

    Join joined = driver.join(batch(files("g", 7)));
    driver.run();

    assertThat(joined).isEqualTo(Join.JOINED);
    assertThat(driver.value().deleted()).isEqualTo(12);
  }

  @Test
  void p2_p4_joinFromInsideACompletion_addsToToStart() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(40)));
    DeleteBatchOperation newcomer = batch(files("g", 10));
    List<Join> answers = new ArrayList<>();
    driver.onChange(() -> {
      if (driver.ended(ItemState.SUCCEEDED) > 0 && answers.isEmpty()) {
        long toStart = driver.toStart();
        answers.add(Join.OVER); // once
        answers.set(0, driver.join(newcomer));
        assertThat(driver.total()).isEqualTo(50);
        assertThat(driver.toStart()).isLessThanOrEqualTo(toStart + 10);
      }
    });

    driver.run();

    assertThat(answers).containsExactly(Join.JOINED);
    assertThat(driver.value().deleted()).isEqualTo(50);
    assertThat(driver.deliveries()).isEqualTo(1);
  }

  @Test
  void p7_joinBeforeTheLastCompletionIsDispatched_isPartOfTheBatch() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(2)));
    driver.start();
    driver.awaitPosted(2); // both are deleted on disk, and the batch does not know yet

    Join joined = driver.join(batch(files("g", 3)));
    driver.finish();

    assertThat(joined).isEqualTo(Join.JOINED);
    assertThat(driver.value().deleted()).isEqualTo(5);
    assertThat(driver.deliveries()).isEqualTo(1);
  }

  @Test
  void p7_joinAfterTheLastCompletionIsDispatched_isTooLate() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(2)));
    List<RootPath> late = files("g", 3);
    driver.start();
    driver.iterateUntil(() -> driver.pending() == 0);
    int deliveries = driver.deliveries();

    Join joined = driver.join(batch(late));
    driver.finish();

    assertThat(deliveries).as("the end was not even told yet").isZero();
    assertThat(joined).isEqualTo(Join.OVER);
    assertThat(driver.value().deleted()).isEqualTo(2);
    assertThat(driver.total()).isEqualTo(2);
    assertThat(data.toFile().list()).hasSize(3);
  }

  @Test
  void p6_joinFromInsideTheAnnouncement_isTooLate() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(2)));
    List<Join> answers = new ArrayList<>();
    driver.onDelivery(() -> answers.add(driver.join(batch(List.of(path("x"))))));

    driver.run();

    assertThat(answers).containsExactly(Join.OVER);
  }

  @Test
  void p8_joinOfACancelledBatch_isTooLate_whateverItsOptions() throws IOException {
    Gate gate = gateAt("f0");
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(2)));
    driver.start();
    gate.awaitReached();
    driver.cancellable().cancel();

    Join same = driver.join(batch(List.of(path("x"))));
    Join different = driver.join(batch(List.of(path("x")), true, false, false, false));
    gate.open();
    driver.finish();

    assertThat(same).isEqualTo(Join.OVER);
    assertThat(different).isEqualTo(Join.OVER);
    assertThat(driver.total()).isEqualTo(2);
  }

  @Test
  void joinWithOtherOptions_isRefused_andCountsNothing() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(2)));
    List<RootPath> paths = List.of(path("x"));

    assertThat(driver.join(batch(paths, true, false, false, false))).isEqualTo(Join.DIFFERS);
    assertThat(driver.join(batch(paths, false, true, false, false))).isEqualTo(Join.DIFFERS);
    assertThat(driver.join(batch(paths, false, false, true, false))).isEqualTo(Join.DIFFERS);
    assertThat(driver.join(batch(paths, false, false, false, true))).isEqualTo(Join.DIFFERS);
    assertThat(
            driver.join(
                new DeleteBatchOperation(
                    new DeleteBatchRequest(paths, false, false, false, false),
                    new OperationOptions(Priority.LOW, null),
                    services())))
        .isEqualTo(Join.DIFFERS);
    assertThat(driver.total()).isEqualTo(2);
    driver.run();
  }

  // ---- Stopping

  @Test
  void p10_cancel_leavesWhatWasNotBegun_andCountsWhatHappened() throws IOException {
    Gate gate = gateAt("f20");
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(500)));
    driver.start();
    gate.awaitReached();

    driver.cancellable().cancel();
    gate.open();
    driver.finish();

    int left = data.toFile().list().length;
    assertThat(driver.error().isCancelled()).isTrue();
    assertThat(data.resolve("f20")).as("in flight, and done").doesNotExist();
    assertThat(left).isPositive();
    assertThat(driver.ended(ItemState.CANCELLED)).isEqualTo(left);
    assertThat(driver.ended(ItemState.SUCCEEDED)).isEqualTo(500 - left);
    assertThat(driver.items()).isEmpty();
    assertThat(driver.deliveries()).isEqualTo(1);
  }

  @Test
  void p10_cancelBeforeTheStart_touchesNothing() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(5)));
    driver.cancellable().cancel();

    driver.run();

    assertThat(driver.error().isCancelled()).isTrue();
    assertThat(driver.ended(ItemState.CANCELLED)).isEqualTo(5);
    assertThat(data.toFile().list()).hasSize(5);
  }

  @Test
  void t15_cancelWhenAllIsDone_losesAgainstTheWork() throws IOException {
    OperationDriver<DeleteBatchResult> driver = driver(batch(files(2)));
    driver.start();
    driver.awaitPosted(2);

    driver.cancellable().cancel();
    driver.finish();

    assertThat(driver.value().deleted()).isEqualTo(2);
  }

  @Test
  void withoutACancellable_itRunsToItsEnd() throws IOException {
    OperationDriver<DeleteBatchResult> driver =
        new OperationDriver<>(context, batch(files(5)), Cancellable.none());

    driver.run();

    assertThat(driver.value().deleted()).isEqualTo(5);
  }

  @Test
  void failFast_startsNothingMore_andFailsWithTheFirstFailure() throws IOException {
    List<RootPath> paths = new ArrayList<>(files(500));
    paths.addFirst(path("missing"));

    OperationDriver<DeleteBatchResult> driver =
        driver(batch(paths, false, false, true, false)).run();

    int left = data.toFile().list().length;
    assertThat(driver.error().code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(driver.ended(ItemState.FAILED)).isEqualTo(1);
    assertThat(left).isPositive();
    assertThat(driver.ended(ItemState.CANCELLED)).isEqualTo(left);
    assertThat(driver.cancellable().isCancelled()).as("only ours is stopped").isFalse();
  }

  @Test
  void failFast_lastPathFails_theWholeFails() throws IOException {
    List<RootPath> paths = List.of(path("missing"));

    OperationDriver<DeleteBatchResult> driver =
        driver(batch(paths, false, false, true, false)).run();

    assertThat(driver.error().code()).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void ignoreMissing_countsAsSkipped() throws IOException {
    List<RootPath> paths = new ArrayList<>(files(3));
    paths.add(path("missing"));

    OperationDriver<DeleteBatchResult> driver =
        driver(batch(paths, false, true, true, false)).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(3, 0, 1));
    assertThat(driver.items()).containsExactly(ItemResult.of("data:missing", ItemState.SKIPPED));
  }

  // ---- What is deleted

  @Test
  void p13_directoriesGoOnlyWhenEmpty_andLinksGoThemselves() throws IOException {
    Files.createDirectory(data.resolve("empty"));
    Files.createDirectory(data.resolve("full"));
    Files.createFile(data.resolve("full/inside"));
    Files.createSymbolicLink(data.resolve("link"), data.resolve("full"));

    OperationDriver<DeleteBatchResult> driver =
        driver(batch(List.of(path("empty"), path("full"), path("link")))).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(2, 1, 0));
    assertThat(data.resolve("empty")).doesNotExist();
    assertThat(data.resolve("link")).doesNotExist();
    assertThat(data.resolve("full/inside")).exists();
  }

  @Test
  void p13_pathNamedTwice_isDeletedOnce() throws IOException {
    RootPath twice = files(1).getFirst();

    OperationDriver<DeleteBatchResult> driver = driver(batch(List.of(twice, twice))).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(1, 1, 0));
    assertThat(driver.items()).extracting(ItemResult::code).containsExactly(ErrorCode.NOT_FOUND);
  }

  @Test
  void root_isNeverDeleted() throws IOException {
    Files.createFile(data.resolve("inside"));

    OperationDriver<DeleteBatchResult> driver =
        driver(batch(List.of(new RootPath("data", List.of())), true, false, false, false)).run();

    assertThat(driver.items())
        .extracting(ItemResult::code)
        .containsExactly(ErrorCode.PERMISSION_DENIED);
    assertThat(data.resolve("inside")).exists();
  }

  @Test
  void pathsOfSeveralRoots_areDeletedBelowTheirOwn() throws IOException {
    List<RootPath> paths = new ArrayList<>(files(50));
    for (int i = 0; i < 50; i++) {
      Files.createFile(other.resolve("f" + i));
      paths.add(2 * i, new RootPath("other", List.of("f" + i)));
    }

    OperationDriver<DeleteBatchResult> driver = driver(batch(paths)).run();

    assertThat(driver.value().deleted()).isEqualTo(100);
    assertThat(data).isEmptyDirectory();
    assertThat(other).isEmptyDirectory();
  }

  @Test
  void rootThatHangs_doesNotStopTheOthers() throws IOException {
    List<RootPath> paths = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Files.createFile(other.resolve("f" + i));
      paths.add(new RootPath("other", List.of("f" + i)));
    }
    paths.addAll(files(300));
    Gate mount = new Gate();
    hook = (_, path) -> mount.passIf(path.root().equals("other"));
    OperationDriver<DeleteBatchResult> driver = driver(batch(paths));

    driver.start();
    driver.iterateUntil(() -> driver.ended(ItemState.SUCCEEDED) == 300);
    mount.open();
    driver.finish();

    assertThat(driver.value().deleted()).isEqualTo(400);
  }

  // ---- Dry run

  @Test
  void dryRun_tellsWhatWouldHappen_andChangesNothing() throws IOException {
    Files.createFile(data.resolve("file"));
    Files.createDirectory(data.resolve("empty"));
    Files.createDirectory(data.resolve("full"));
    Files.createFile(data.resolve("full/inside"));
    List<RootPath> paths =
        List.of(
            path("file"),
            path("empty"),
            path("full"),
            path("missing"),
            new RootPath("data", List.of()));

    OperationDriver<DeleteBatchResult> driver =
        driver(batch(paths, false, false, false, true)).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(2, 3, 0));
    assertThat(driver.items())
        .extracting(ItemResult::path, ItemResult::code)
        .containsExactlyInAnyOrder(
            tuple("data:full", ErrorCode.NOT_EMPTY),
            tuple("data:missing", ErrorCode.NOT_FOUND),
            tuple("data:", ErrorCode.PERMISSION_DENIED));
    assertThat(data.resolve("file")).exists();
    assertThat(data.resolve("empty")).exists();
    assertThat(driver.phases()).containsExactly("CHECKING");
  }

  private static void failIf(boolean condition, RuntimeException failure) {
    if (condition) {
      throw failure;
    }
  }
}
