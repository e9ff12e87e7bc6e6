package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContextFixture;
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
import dev.asyncops.operations.DeleteBatchMark.Below;
import dev.asyncops.operations.DeleteBatchMark.Range;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.operations.OperationOptions;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.ManifestStore;
import dev.asyncops.registry.ManualTime;
import dev.asyncops.registry.OperationIds;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.RootSet;
import dev.asyncops.registry.ScriptedOperation;
import dev.asyncops.registry.Submission;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.scheduler.Schedulers;

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
  private final Queue<ManifestChunk> chunks = new ConcurrentLinkedQueue<>();
  private @Nullable OperationException full;
  private OperationStore.Inputs inputs = new OperationStore.Inputs(null, List.of());
  private final Retries retries =
      new Retries(
          new Roots(
              List.of(
                  new Root("data", Path.of("/srv"), false),
                  new Root("frozen", Path.of("/frozen"), true))),
          new Recording(),
          new Manifests());

  @RegisterExtension private final MainContextFixture main = new MainContextFixture();

  @Test
  void pathsBelowOneThatFailed_areLeftOut() throws Exception {
    fail("data:a/b/x", "data:a/b", "data:ab");
    fail("data:a", "data:c/d", "data:c/e/f", "data:c/e");

    submit(batch(7, 0));

    assertThat(asked()).containsExactly("data:ab", "data:a", "data:c/d", "data:c/e");
    assertThat(((DeleteBatchRequest) requests.getFirst()).recursive()).isTrue();
  }

  @Test
  void withoutRecursive_allThatFailed_areAskedFor() throws Exception {
    fail("data:a/b", "data:a", "data:a");

    submit(flat(3, 0, null));

    assertThat(asked()).containsExactly("data:a/b", "data:a", "data:a");
  }

  @Test
  void pathsThatWereLeft_followThoseThatFailed_ofAllInputs() throws Exception {
    fail("data:3");
    inputs =
        new OperationStore.Inputs(
            new JsonText("{\"paths\":[\"data:0\",\"data:1\",\"data:2\",\"data:3\"]}"),
            List.of(
                new JsonText("{\"paths\":[\"data:4\",\"data:5\"]}"),
                new JsonText("{\"paths\":[\"data:6\"]}")));
    DeleteBatchMark mark =
        new DeleteBatchMark(2, List.of(new Below("data", 1, List.of(new Range(0, 1, 3)))), 0, 0);

    submit(flat(1, 5, mark));
    submit(flat(1, 5, Json.text(mark)));

    assertThat(asked()).containsExactly("data:3", "data:1", "data:2", "data:4", "data:5", "data:6");
    assertThat(requests).hasSize(2);
    assertThat(((DeleteBatchRequest) requests.getLast()).paths())
        .isEqualTo(((DeleteBatchRequest) requests.getFirst()).paths());
  }

  @Test
  void withRecursive_nothingIsAskedForTwice() throws Exception {
    fail("data:top/x", "data:one", "data:one/y", "data:same", "data:same/z", "data:toplike");
    inputs = inputs("data:top", "data:one/named", "data:other", "data:same", "data:other/below");
    DeleteBatchMark mark = all(5);

    submit(over(OperationKinds.DELETE_BATCH, OperationState.CANCELLED, BATCH, 6, 9, mark));

    assertThat(asked())
        .containsExactly(
            "data:one", "data:toplike", "data:top", "data:other", "data:same", "data:other/below");
  }

  @Test
  void aLongList_isWrittenToTheStore() throws Exception {
    main.runLoop();
    fail("data:first");
    inputs = inputs(names(9000));

    Submission again = submit(flat(1, 9000, all(9000)));

    assertThat(asked()).hasSize(9001).startsWith("data:first", "data:n0").endsWith("data:n8999");
    assertThat(chunks).extracting(ManifestChunk::first).containsExactly(0L, 4096L, 8192L);
    assertThat(again.input()).isNotNull();
    assertThat(again.input().manifest()).isNotNull();
    assertThat(again.input().chunks()).isEmpty();
    assertThat(again.request().text())
        .startsWith("{\"paths\":[\"data:first\",\"data:n0\",")
        .contains("\"data:n98\"],\"pathCount\":9001,\"recursive\"");
  }

  @Test
  void aLongListThatCannotBeWritten_isRefused() {
    main.runLoop();
    inputs = inputs(names(9000));
    full = new OperationException(ErrorCode.STORE_UNAVAILABLE, "The disk is full.");

    assertThat(refusal(flat(0, 9000, all(9000)))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(requests).isEmpty();
  }

  @Test
  void aNameThatIsNotUtf8_isAskedForByItsBytes() throws Exception {
    RootPath odd = new RootPath("data", List.of("x\uDCFF"));
    OperationException error = new OperationException(ErrorCode.BUSY, "In use.");
    blocks.add(
        new ItemBlock(
            0,
            ItemState.FAILED,
            List.of(
                new ItemResult(
                    odd.toString(),
                    odd.oddBytes(),
                    null,
                    ItemState.FAILED,
                    error.code(),
                    error.detail(),
                    0,
                    null))));

    Submission again = submit(flat(1, 0, null));

    assertThat(((DeleteBatchRequest) requests.getFirst()).paths().read("data", 0))
        .containsExactly(odd);
    assertThat(again.request().text()).startsWith("{\"paths\":[\"data:x\uFFFD\"],\"recursive\"");
    assertThat(again.input()).isNotNull();
    assertThat(again.input().chunks()).hasSize(1);
  }

  @Test
  void batchOfWhichNobodyKnowsWhatIsLeft_isRefused() {
    fail("data:a");

    assertThat(refusal(flat(1, 1, null))).isEqualTo(ErrorCode.CLOSED);
    assertThat(refusal(flat(1, 1, new DeleteBatchMark(2, List.of(), 0, 0))))
        .isEqualTo(ErrorCode.CLOSED);
    assertThat(refusal(batch(1, 900, all(900)))).isEqualTo(ErrorCode.CLOSED);
  }

  @Test
  void pathsBelowARootThatIsReadOnlyToday_areRefused() {
    inputs = inputs("frozen:a");
    DeleteBatchMark mark = new DeleteBatchMark(1, List.of(new Below("frozen", 0, List.of())), 0, 0);

    assertThat(refusal(flat(0, 1, mark))).isEqualTo(ErrorCode.READ_ONLY);
    fail("frozen:b");
    assertThat(refusal(flat(1, 0, null))).isEqualTo(ErrorCode.READ_ONLY);
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

    submit(over(OperationKinds.COPY, OperationState.FAILED, COPY, 1, 0));

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
    return catchThrowableOfType(ProblemException.class, () -> submit(operation)).code();
  }

  private Submission submit(OperationSnapshot over) throws OperationException {
    PathWriter list = new PathWriter(main.context(), new Manifests(), Schedulers.immediate());
    return Objects.requireNonNull(
        retries.submission(over, new Kept(), list).block(Duration.ofSeconds(30)));
  }

  /** The paths of the first request. */
  private List<String> asked() throws OperationException {
    BatchPaths paths = ((DeleteBatchRequest) requests.getFirst()).paths();
    List<String> read = new ArrayList<>();
    while (read.size() < paths.total()) {
      paths.read("data", read.size()).forEach(path -> read.add(path.toString()));
    }
    return read;
  }

  private static String[] names(int count) {
    return IntStream.range(0, count).mapToObj("data:n%d"::formatted).toArray(String[]::new);
  }

  private static OperationStore.Inputs inputs(String... paths) {
    return new OperationStore.Inputs(
        new JsonText("{\"paths\":%s}".formatted(Json.text(List.of(paths)))), List.of());
  }

  /** So many paths below one root, of which none was begun. */
  private static DeleteBatchMark all(long paths) {
    return new DeleteBatchMark(
        1, List.of(new Below("data", 1, List.of(new Range(0, 0, paths)))), 0, 0);
  }

  private void fail(String... paths) {
    OperationException error = new OperationException(ErrorCode.BUSY, "In use.");
    List<ItemResult> items = new ArrayList<>();
    for (String path : paths) {
      items.add(ItemResult.failed(path, error));
    }
    blocks.add(new ItemBlock(blocks.size() * 5L, ItemState.FAILED, items));
  }

  /** What a test has put there. */
  private final class Kept implements Retries.Kept {

    @Override
    public List<ItemBlock> failures(long from, int limit) {
      return blocks.stream().filter(block -> block.number() >= from).limit(limit).toList();
    }

    @Override
    public OperationStore.Inputs inputs() {
      return inputs;
    }
  }

  /** Keeps the chunks of one manifest, or fails. */
  private final class Manifests implements ManifestStore {

    @Override
    public void addChunk(
        ManifestId manifest, ManifestChunk chunk, OperationStore.SaveCallback callback) {
      main.context().checkOwner();
      if (full == null) {
        chunks.add(chunk);
      }
      main.context().post(Priority.DEFAULT, "written", () -> callback.ended(full));
    }

    @Override
    public void release(ManifestId manifest) {
      throw new AssertionError("That is for those to do who answer.");
    }

    @Override
    public ManifestChunk read(ManifestId manifest, String root, long position) {
      return chunks.stream()
          .filter(chunk -> chunk.first() <= position)
          .reduce((_, later) -> later)
          .orElseThrow();
    }
  }

  private static OperationSnapshot batch(long failed, long cancelled) {
    return batch(failed, cancelled, null);
  }

  private static OperationSnapshot batch(long failed, long cancelled, @Nullable Object mark) {
    return over(
        OperationKinds.DELETE_BATCH, OperationState.PARTIAL, BATCH, failed, cancelled, mark);
  }

  private static OperationSnapshot flat(long failed, long cancelled, @Nullable Object mark) {
    String request = "{\"paths\":[\"data:a\"],\"recursive\":false}";
    return over(
        OperationKinds.DELETE_BATCH, OperationState.PARTIAL, request, failed, cancelled, mark);
  }

  private static OperationSnapshot over(
      String kind, OperationState state, String request, long failed, long cancelled) {
    return over(kind, state, request, failed, cancelled, null);
  }

  private static OperationSnapshot over(
      String kind,
      OperationState state,
      String request,
      long failed,
      long cancelled,
      @Nullable Object mark) {
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
        false,
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
        RootSet.of(List.of("data")),
        null,
        null,
        List.of(),
        mark);
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
