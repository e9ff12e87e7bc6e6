package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.Operation.Join;
import dev.asyncops.async.Priority;
import dev.asyncops.files.RootPath;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A delete-batch that goes on after its process was killed. */
class DeleteBatchResumptionTests extends DeleteBatchFixture {

  @Test
  void whatIsMissing_countsAsDeleted_andTheRestIsDeleted() throws Exception {
    List<RootPath> paths = files(300);
    for (RootPath path : paths.subList(0, 200)) {
      Files.delete(data.resolve(path.name()));
    }
    Files.createDirectories(data.resolve("full/d"));

    OperationDriver<DeleteBatchResult> driver =
        driver(
                resumed(
                    Stream.concat(paths.stream(), Stream.of(path("full"))).toList(), false, false))
            .run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(300, 1, 0));
    assertThat(driver.items()).extracting(item -> item.code()).containsExactly(ErrorCode.NOT_EMPTY);
    assertThat(data.toFile().list()).containsExactly("full");
  }

  @Test
  void withRecursive_whatIsMissing_countsAsDeletedToo() throws Exception {
    Files.createDirectories(data.resolve("d/e"));
    Files.createFile(data.resolve("d/e/f"));

    OperationDriver<DeleteBatchResult> driver =
        driver(resumed(List.of(path("gone"), path("d"), path("gone/f")), true, false)).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(5, 0, 0));
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void withFailFast_whatIsMissing_stopsNothing() throws Exception {
    List<RootPath> paths = files(5);
    Files.delete(data.resolve(paths.getFirst().name()));
    DeleteBatchOperation batch =
        DeleteBatchOperation.resumed(
            new DeleteBatchRequest(paths, false, false, true, false),
            List.of(),
            null,
            new OperationOptions(Priority.DEFAULT, null),
            services());

    assertThat(driver(batch).run().value()).isEqualTo(new DeleteBatchResult(5, 0, 0));
  }

  @Test
  void aDryRun_hadDeletedNothing() {
    OperationDriver<DeleteBatchResult> driver =
        driver(resumed(List.of(path("gone")), false, true)).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(0, 1, 0));
    assertThat(driver.ended(ItemState.FAILED)).isEqualTo(1);
  }

  @Test
  void p2_aNewCall_joinsIt_andItsMissingPathsFail() throws Exception {
    OperationDriver<DeleteBatchResult> driver =
        driver(resumed(List.of(path("gone")), false, false));
    List<RootPath> joining = files("g", 7);
    Files.delete(data.resolve("g3"));

    Join joined = driver.join(batch(joining));

    assertThat(joined).isEqualTo(Join.JOINED);
    assertThat(driver.run().value()).isEqualTo(new DeleteBatchResult(7, 1, 0));
  }

  private DeleteBatchOperation resumed(List<RootPath> paths, boolean recursive, boolean dryRun) {
    return DeleteBatchOperation.resumed(
        new DeleteBatchRequest(paths, recursive, false, false, dryRun),
        List.of(),
        null,
        new OperationOptions(Priority.DEFAULT, null),
        services());
  }
}
