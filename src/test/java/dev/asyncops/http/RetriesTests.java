package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.files.Root;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.BatchPaths;
import dev.asyncops.operations.ConnectRequest;
import dev.asyncops.operations.CopyMark;
import dev.asyncops.operations.CopyRequest;
import dev.asyncops.operations.DeleteBatchMark;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.operations.OperationOptions;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.ManualTime;
import dev.asyncops.registry.OperationIds;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.ScriptedOperation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a retry asks for, and when it is refused. */
class RetriesTests {

  private static final String BATCH =
      """
      {"paths":["data:a"],"pathCount":900,"recursive":true,"ignoreMissing":false,"failFast":false,
       "batch":"nightly","dryRun":false,"priority":"LOW","bytesPerSecond":null,
       "timeoutSeconds":1.50,"report":"ALL"}
      """;

  private static final String COPY =
      "{\"source\":\"data:in\",\"destination\":\"data:out\",\"retryOf\":\"the first\"}";

  private final List<Object> requests = new ArrayList<>();
  private final List<ItemBlock> blocks = new ArrayList<>();
  private final Retries retries =
      new Retries(new Roots(List.of(new Root("data", Path.of("/srv"), false))), new Recording());

  @Test
  void pathsBelowOneThatFailed_areLeftOut() throws Exception {
    fail("data:a/b/x", "data:a/b", "data:ab");
    fail("data:a", "data:c/d", "data:c/e/f", "data:c/e");

    retries.submission(batch(7, 0), this::read);

    DeleteBatchRequest request = (DeleteBatchRequest) requests.getFirst();
    assertThat(request.paths().read("data", 0))
        .extracting(RootPath::toString)
        .containsExactly("data:ab", "data:a", "data:c/d", "data:c/e");
    assertThat(request.recursive()).isTrue();
  }

  @Test
  void batchWhosePathsWereNotAllBegun_isRefused() {
    fail("data:a");

    assertThat(refusal(batch(1, 1))).isEqualTo(ErrorCode.NOT_SUPPORTED);
  }

  @Test
  void failuresThatAreNotListed_orTooMany_areRefused() {
    fail("data:a");

    assertThat(refusal(batch(2, 0))).isEqualTo(ErrorCode.CLOSED);
    assertThat(refusal(batch(Retries.MAX_FAILURES + 1, 0))).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
  }

  @Test
  void retryOfSomeEntries_isRetriedByItsOwnFailures_unlessItWasCancelled() throws Exception {
    fail("data:in/a");

    retries.submission(over(OperationKinds.COPY, OperationState.FAILED, COPY, 1, 0), this::read);

    assertThat(((CopyRequest) requests.getFirst()).only()).isNotNull();
    assertThat(refusal(over(OperationKinds.COPY, OperationState.CANCELLED, COPY, 1, 1)))
        .isEqualTo(ErrorCode.CLOSED);
  }

  @Test
  void whatIsNotOver_isPending() {
    assertThat(refusal(over(OperationKinds.COPY, OperationState.RUNNING, COPY, 0, 0)))
        .isEqualTo(ErrorCode.PENDING);
  }

  private ErrorCode refusal(OperationSnapshot operation) {
    return catchThrowableOfType(
            ProblemException.class, () -> retries.submission(operation, this::read))
        .code();
  }

  private void fail(String... paths) {
    OperationException error = new OperationException(ErrorCode.BUSY, "In use.");
    List<ItemResult> items = new ArrayList<>();
    for (String path : paths) {
      items.add(ItemResult.failed(path, error));
    }
    blocks.add(new ItemBlock(blocks.size() * 5L, ItemState.FAILED, items));
  }

  private List<ItemBlock> read(long from, int limit) {
    return blocks.stream().filter(block -> block.number() >= from).limit(limit).toList();
  }

  private static OperationSnapshot batch(long failed, long cancelled) {
    return over(OperationKinds.DELETE_BATCH, OperationState.PARTIAL, BATCH, failed, cancelled);
  }

  private static OperationSnapshot over(
      String kind, OperationState state, String request, long failed, long cancelled) {
    ManualTime time = new ManualTime();
    return new OperationSnapshot(
        new OperationIds(time, new Random(1)).next(),
        kind,
        state,
        null,
        9,
        0,
        0,
        failed + cancelled,
        true,
        0,
        failed,
        0,
        cancelled,
        new OperationSnapshot.Progress(0, null, null, null, null),
        Priority.DEFAULT,
        null,
        null,
        1,
        time.instant(),
        null,
        time.instant(),
        time.instant(),
        time.instant(),
        null,
        new JsonText(request),
        Map.of(),
        null,
        "ci",
        null,
        null,
        List.of(),
        null);
  }

  /** Makes operations that do nothing, and remembers what was asked for. */
  private final class Recording implements OperationFactory {

    @Override
    public Operation<?> copy(CopyRequest request, OperationOptions options) {
      requests.add(request);
      return ScriptedOperation.ofItems(1);
    }

    @Override
    public Operation<?> copyAgain(
        CopyRequest request, @Nullable CopyMark mark, OperationOptions options) {
      return copy(request, options);
    }

    @Override
    public Operation<?> deleteBatchAgain(
        DeleteBatchRequest request,
        List<BatchPaths> joined,
        @Nullable DeleteBatchMark mark,
        OperationOptions options) {
      return deleteBatch(request, options);
    }

    @Override
    public Operation<?> deleteBatch(DeleteBatchRequest request, OperationOptions options) {
      requests.add(request);
      return ScriptedOperation.ofItems(1);
    }

    @Override
    public Operation<?> connect(ConnectRequest request, OperationOptions options) {
      requests.add(request);
      return ScriptedOperation.ofItems(1);
    }
  }
}
