package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store of manifests does, whatever it writes to. */
@Timeout(60)
public abstract class ManifestStoreContract {

  private static final int MANY = 100;

  private final OperationIds ids = new OperationIds(new ManualTime(), new Random(3));

  /** The stores that are open, which belong together. */
  public record Opened(OperationStore operations, ManifestStore manifests) {}

  private MainContext context = new MainContext("test");
  private @Nullable Opened opened;

  /** Opens the stores, empty the first time and as they were after that. */
  protected abstract Opened open(MainContext main) throws Exception;

  /** Closes what was opened. */
  protected abstract void close();

  /** How many rows a table has, of {@code manifests}, {@code manifest_chunks}, … */
  protected abstract long rows(String table) throws Exception;

  /** Adds outcomes of items of an operation, in so many blocks; nothing is open then. */
  protected abstract void addItemBlocks(OperationId operation, int blocks) throws Exception;

  @BeforeEach
  void own() throws Exception {
    context.acquire();
    opened = open(context);
  }

  @AfterEach
  void disown() {
    close();
    assertThat(context.failureCount()).isZero();
    context.release();
    context.close();
  }

  private void reopen() throws Exception {
    disown();
    context = new MainContext("test");
    own();
  }

  @Test
  void aChunk_isFoundByEachOfItsPositions() throws Exception {
    ManifestId id = ManifestId.next();
    add(id, "data", 0, "a");
    add(id, "data", 3, "b");
    add(id, "more", 0, "c");

    assertThat(read(id, "data", 0)).isEqualTo("a");
    assertThat(read(id, "data", 2)).isEqualTo("a");
    assertThat(read(id, "data", 3)).isEqualTo("b");
    assertThat(manifests().read(id, "data", 9).first()).isEqualTo(3);
    assertThat(read(id, "more", 0)).isEqualTo("c");
  }

  @Test
  void whatIsNotThere_cannotBeRead() {
    assertThatExceptionOfType(OperationException.class)
        .isThrownBy(() -> manifests().read(ManifestId.next(), "data", 0))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
  }

  @Test
  void aManifestThatLedToNothing_isRemovedWhenItIsReleased() throws Exception {
    ManifestId id = added(MANY);
    assertThat(rows("manifest_chunks")).isEqualTo(MANY);

    manifests().release(id);

    settleUntilGone();
  }

  @Test
  void aManifestOfAnOperation_staysWhenItIsReleased_andAfterAStart() throws Exception {
    ManifestId id = added(3);
    admitted(id);

    manifests().release(id);
    manifests().release(added(1)); // by the time this one is gone, the other would be
    settleUntil(() -> rowsNow("manifests") == 1);
    reopen();

    assertThat(read(id, "data", 2)).isEqualTo("2");
    assertThat(rows("manifest_chunks")).isEqualTo(3);
  }

  @Test
  void aRefusedAdmission_bindsNothing() throws Exception {
    ManifestId id = added(3);
    OperationSnapshot operation = admitted(null);

    assertThat(answer(callback -> operations().admit(operation, input(id), callback)))
        .as("there is one of that id")
        .isNotNull();
    manifests().release(id);

    settleUntilGone();
  }

  @Test
  void aJoin_bindsItsManifest() throws Exception {
    OperationSnapshot operation = admitted(null);
    ManifestId id = added(2);

    assertThat(answer(callback -> operations().addInput(operation.id(), input(id), callback)))
        .isNull();
    reopen();

    assertThat(read(id, "data", 1)).isEqualTo("1");
  }

  @Test
  void aManifestWithItsChunks_isThereWithTheAdmission() throws Exception {
    ManifestId id = ManifestId.next();
    OperationInput input =
        new OperationInput(
            new JsonText("{}"), id, List.of(chunk("data", 0, "x"), chunk("more", 0, "y")));

    OperationSnapshot too = admitted(null);
    assertThat(answer(callback -> operations().addInput(too.id(), input, callback))).isNull();
    OperationSnapshot operation = operation();
    assertThat(answer(callback -> operations().admit(operation, input, callback)))
        .as("it came too late for the other")
        .isNull();

    assertThat(read(id, "more", 0)).isEqualTo("y");
    assertThat(rows("manifest_chunks")).isEqualTo(2);
  }

  @Test
  void whenTheOperationIsOver_itsManifestGoes_andMayNotDisturbOthers() throws Exception {
    ManifestId id = added(MANY);
    OperationSnapshot operation = admitted(id);
    manifests().release(id);

    saved(Snapshots.withoutMark(Snapshots.with(operation, OperationState.SUCCEEDED)));

    settleUntilGone();
    assertThat(operations().find(operation.id())).isPresent();
  }

  @Test
  void whenSomethingIsLeftForARetry_itsManifestStaysUntilItIsForgotten() throws Exception {
    ManifestId id = added(3);
    OperationSnapshot operation = admitted(id);
    manifests().release(id);
    saved(Snapshots.with(operation, OperationState.CANCELLED));
    reopen();
    assertThat(read(id, "data", 2)).isEqualTo("2");

    forgetAll();

    settleUntilGone();
  }

  @Test
  void aManifestInUse_isKeptThoughItsFirstOperationIsOver() throws Exception {
    ManifestId id = added(3);
    OperationSnapshot over = admitted(null);
    assertThat(answer(callback -> operations().addInput(over.id(), input(id), callback))).isNull();
    saved(Snapshots.withoutMark(Snapshots.with(over, OperationState.SUCCEEDED)));
    manifests().release(added(1));
    settleUntil(() -> rowsNow("manifests") == 1);

    admitted(id);
    manifests().release(id);

    assertThat(read(id, "data", 2)).isEqualTo("2");
  }

  @Test
  void whatIsLeftOfAnUpload_isRemovedAfterAStart() throws Exception {
    added(MANY);

    reopen();

    settleUntilGone();
  }

  @Test
  void outcomesOfItems_goWithTheirOperation_alsoAfterAStart() throws Exception {
    OperationSnapshot kept = admitted(null);
    List<OperationSnapshot> over = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      over.add(admitted(null));
      saved(Snapshots.with(over.get(i), OperationState.SUCCEEDED));
    }
    disown();
    addItemBlocks(kept.id(), 3);
    addItemBlocks(ids.next(), MANY); // of one that was forgotten before
    for (OperationSnapshot operation : over) {
      addItemBlocks(operation.id(), MANY);
    }
    context = new MainContext("test");
    own();
    settleUntil(() -> rowsNow("item_blocks") == 3 * (MANY + 1));

    forgetAll();

    settleUntil(() -> rowsNow("item_blocks") == 3);
  }

  @Test
  void aStart_doesNotWaitForChunksThatCameBefore() throws Exception {
    ManifestId id = ManifestId.next();
    List<String> order = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      String name = "chunk " + i;
      manifests().addChunk(id, chunk("data", i, "x"), failure -> order.add(name));
    }
    operations().admit(operation(), null, failure -> order.add("start"));

    settleUntil(() -> order.size() == MANY + 1);

    assertThat(order.indexOf("start")).isLessThan(3);
  }

  // ---- Fixtures

  private OperationStore operations() {
    return Objects.requireNonNull(opened).operations();
  }

  private ManifestStore manifests() {
    return Objects.requireNonNull(opened).manifests();
  }

  private OperationSnapshot operation() {
    return Snapshots.of(ids.next(), "delete-batch");
  }

  private OperationSnapshot admitted(@Nullable ManifestId manifest) {
    OperationSnapshot operation = operation();
    @Nullable OperationInput input = manifest == null ? null : input(manifest);
    assertThat(answer(callback -> operations().admit(operation, input, callback))).isNull();
    return operation;
  }

  private void saved(OperationSnapshot operation) {
    assertThat(answer(callback -> operations().save(operation, callback))).isNull();
  }

  private void forgetAll() {
    List<Integer> told = new ArrayList<>();
    operations().forget(Instant.MAX, 0, 500, (forgotten, next, failure) -> told.add(1));
    settleUntil(() -> !told.isEmpty());
  }

  private ManifestId added(int chunks) {
    ManifestId id = ManifestId.next();
    for (int i = 0; i < chunks; i++) {
      add(id, "data", i, Integer.toString(i));
    }
    return id;
  }

  private void add(ManifestId id, String root, long first, String paths) {
    assertThat(answer(callback -> manifests().addChunk(id, chunk(root, first, paths), callback)))
        .isNull();
  }

  private static ManifestChunk chunk(String root, long first, String paths) {
    return new ManifestChunk(root, first, paths.getBytes(StandardCharsets.UTF_8));
  }

  private static OperationInput input(ManifestId manifest) {
    return new OperationInput(new JsonText("{}"), manifest, List.of());
  }

  private String read(ManifestId id, String root, long position) throws OperationException {
    return new String(manifests().read(id, root, position).paths(), StandardCharsets.UTF_8);
  }

  private @Nullable OperationException answer(Consumer<OperationStore.SaveCallback> write) {
    List<@Nullable OperationException> answers = new ArrayList<>();
    write.accept(answers::add);
    settleUntil(() -> !answers.isEmpty());
    return answers.getFirst();
  }

  private void settleUntilGone() {
    settleUntil(() -> rowsNow("manifests") == 0 && rowsNow("manifest_chunks") == 0);
  }

  private void settleUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      context.iterate(false);
      Thread.onSpinWait();
    }
  }

  private long rowsNow(String table) {
    try {
      return rows(table);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
