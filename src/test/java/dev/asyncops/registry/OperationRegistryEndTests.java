package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Registration;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationRegistryEndTests {

  private final RegistryRig rig = RegistryRig.of(1, 10);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void a8_whenNoItemFailed_isSucceededWithItsValue() {
    ScriptedOperation operation = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(operation);

    operation.skip(1);
    operation.succeedAll();
    rig.settle();

    OperationSnapshot end = rig.read(id);
    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(end.result()).isEqualTo(ScriptedOperation.VALUE);
    assertThat(end.error()).isNull();
    assertThat(end.endTime()).isEqualTo(ManualTime.START);
    assertThat(end.expireTime()).isEqualTo(ManualTime.START.plus(RegistryRig.MAX_AGE));
    assertThat(rig.heard.statesOf(id))
        .containsExactly(OperationState.QUEUED, OperationState.RUNNING, OperationState.SUCCEEDED);
  }

  @Test
  void p12_withoutAnyItem_isSucceededWithZeroOfZero() {
    ScriptedOperation operation = ScriptedOperation.ofItems(0);
    OperationId id = rig.admit(operation);

    operation.finish();
    rig.settle();

    assertThat(rig.read(id).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(rig.read(id).total()).isZero();
  }

  @Test
  void a8_whenSomeItemsFailed_isPartialWithItsValue() {
    ScriptedOperation operation = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(operation);

    operation.fail(ErrorCode.NOT_FOUND, "'data:a' does not exist.");
    operation.succeedAll();
    rig.settle();

    OperationSnapshot end = rig.read(id);
    assertThat(end.state()).isEqualTo(OperationState.PARTIAL);
    assertThat(end.result()).isEqualTo(ScriptedOperation.VALUE);
    assertThat(end.error()).isNull();
    assertThat(end.firstErrors()).hasSize(1);
  }

  @Test
  void a8_whenNoItemSucceeded_isFailedWithTheErrorThatTheyShare() {
    ScriptedOperation operation = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(operation);

    operation.skip(1);
    operation.fail(ErrorCode.NOT_FOUND, "'data:a' does not exist.");
    operation.fail(ErrorCode.NOT_FOUND, "'data:b' does not exist.");
    operation.finish();
    rig.settle();

    OperationSnapshot end = rig.read(id);
    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.result()).isNull();
    assertThat(end.error())
        .isEqualTo(
            new OperationError(
                ErrorCode.NOT_FOUND, "2 items failed, the first: 'data:a' does not exist.", null));
  }

  @Test
  void s7_whenTheOperationFailed_isFailedWithItsErrorAndStage() {
    ScriptedOperation operation = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(operation);

    operation.succeed(1);
    operation.endWith(
        new OperationException(ErrorCode.CONNECTION_REFUSED, "Refused.").atStage("CONNECT"));
    rig.settle();

    OperationSnapshot end = rig.read(id);
    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.error())
        .isEqualTo(new OperationError(ErrorCode.CONNECTION_REFUSED, "Refused.", "CONNECT"));
    assertThat(end.succeeded()).isEqualTo(1);
    assertThat(end.cancelled()).isEqualTo(2);
  }

  @Test
  void start_thatThrows_failsTheOperationAndStopsWhatItBegan() {
    ScriptedOperation broken =
        ScriptedOperation.ofItems(2).failingToStart(new IllegalStateException("broken"));
    ScriptedOperation next = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(broken);
    rig.admit(next);

    OperationSnapshot end = rig.read(id);
    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.error())
        .isEqualTo(
            new OperationError(ErrorCode.FAILED, "The operation could not be started.", null));
    assertThat(end.cancelled()).isEqualTo(2);
    assertThat(next.isStarted()).isTrue();
  }

  @Test
  void anOperationThatLeavesItemsPending_hasThemCountedAsCancelled() {
    ScriptedOperation careless = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(careless);

    careless.progress().started(2);
    careless.finish();
    rig.settle();

    OperationSnapshot end = rig.read(id);
    assertThat(end.pending()).isZero();
    assertThat(end.toStart()).isZero();
    assertThat(end.cancelled()).isEqualTo(3);
  }

  @Test
  void a8_afterTheEnd_nothingIsPublishedAnyMore() {
    ScriptedOperation operation = ScriptedOperation.ofItems(2).scanning();
    OperationId id = rig.admit(operation);
    operation.succeedAll();
    rig.settle();
    OperationSnapshot end = rig.read(id);

    operation.find(3);
    operation.succeed(1);
    rig.settle();
    rig.cancel(id);
    rig.settle();

    assertThat(rig.read(id)).isSameAs(end);
    assertThat(rig.heard.items).hasSize(2);
  }

  @Test
  void a8_theEnd_isShownAndAnnouncedOnlyWhenItIsSaved() {
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(Submitting.of(operation).claiming("data/a", true));
    List<OperationSnapshot> told = new ArrayList<>();
    rig.registry.whenTerminal(id, told::add);
    rig.store.hold();

    operation.succeedAll();
    rig.settle();

    assertThat(rig.store.came.getLast().state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.RUNNING);
    assertThat(told).isEmpty();
    rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/a", true));

    rig.store.release();
    rig.settle();

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(told).containsExactly(rig.read(id));
  }

  @Test
  void k2_s5_atTheAnnouncement_placeAndClaimsAreFree() {
    ScriptedOperation first = ScriptedOperation.ofItems(1);
    ScriptedOperation second = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(Submitting.of(first).claiming("data/a", true));
    List<Admission> answers = new ArrayList<>();
    rig.registry.whenTerminal(
        id,
        _ ->
            rig.registry.submit(
                Submitting.of(second).claiming("data/a", true).now(), answers::add));

    first.endWith(new OperationException(ErrorCode.NO_SPACE, "The disk is full."));
    rig.settle();

    assertThat(answers).singleElement().isInstanceOf(Admission.Accepted.class);
    assertThat(second.isStarted()).isTrue();
  }

  @Test
  void k2_everyEnd_freesPlaceAndClaims() {
    List<Consumer<ScriptedOperation>> ends =
        List.of(
            ScriptedOperation::succeedAll,
            ScriptedOperation::endCancelled,
            operation -> operation.endWith(new OperationException(ErrorCode.FAILED, "Failed.")),
            ScriptedOperation::finish);

    for (Consumer<ScriptedOperation> end : ends) {
      ScriptedOperation operation = ScriptedOperation.ofItems(2);
      rig.admit(Submitting.of(operation).claiming("data/a", true));
      assertThat(operation.isStarted()).isTrue();
      end.accept(operation);
      rig.settle();
    }
    rig.admit(
        Submitting.of(
                ScriptedOperation.ofItems(1).failingToStart(new IllegalStateException("broken")))
            .claiming("data/a", true));

    assertThat(rig.registry.summary().running()).isZero();
    rig.admit(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/a", true));
  }

  @Test
  void whenTerminal_ofAFinishedOperation_tellsInsideTheCall() {
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(operation);
    operation.succeedAll();
    rig.settle();
    List<OperationSnapshot> told = new ArrayList<>();

    rig.registry.whenTerminal(id, told::add);

    assertThat(told).containsExactly(rig.read(id));
  }

  @Test
  void whenTerminal_closed_tellsNobody() throws InterruptedException {
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(operation);
    List<OperationSnapshot> told = new ArrayList<>();
    Registration here = rig.registry.whenTerminal(id, told::add).orElseThrow();
    Registration elsewhere = rig.registry.whenTerminal(id, told::add).orElseThrow();
    rig.registry.whenTerminal(id, told::add);

    here.close();
    here.close();
    CountDownLatch closed = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(() -> {
          elsewhere.close();
          closed.countDown();
        });
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    operation.succeedAll();
    rig.settle();

    assertThat(told).hasSize(1);
  }

  @Test
  void whenTerminal_ofAnUnknownOperation_tellsNothing() {
    List<OperationSnapshot> told = new ArrayList<>();
    OperationId unknown = OperationId.firstOf(1);

    assertThat(rig.registry.whenTerminal(unknown, told::add)).isEmpty();
    assertThat(told).isEmpty();
    assertThat(rig.registry.find(unknown)).isEmpty();
    assertThat(rig.cancelLater(unknown)).containsExactly(new Cancellation.NotLive());
  }

  @Test
  void timeout_endsTheOperationAsFailed() {
    ScriptedOperation operation = ScriptedOperation.ofItems(3).obeyingCancel();
    OperationId id = rig.admit(Submitting.of(operation).timeout(Duration.ofMillis(1500)));
    operation.succeed(1);

    rig.advance(Duration.ofMillis(1499));
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.RUNNING);
    rig.advance(Duration.ofMillis(1));

    OperationSnapshot end = rig.read(id);
    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.error())
        .isEqualTo(
            new OperationError(
                ErrorCode.TIMED_OUT, "The operation took longer than 1.5 seconds.", null));
    assertThat(end.cancelRequestTime()).isNull();
    assertThat(rig.heard.statesOf(id)).contains(OperationState.CANCELLING);
  }

  @Test
  void timeout_thatTheWorkWon_changesNothing() {
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(Submitting.of(operation).timeout(Duration.ofSeconds(1)));

    rig.advance(Duration.ofSeconds(2));
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLING);
    operation.succeedAll();
    rig.settle();

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.SUCCEEDED);
  }

  @Test
  void timeout_countsFromTheStartOnly() {
    ScriptedOperation running = ScriptedOperation.ofItems(1);
    rig.admit(running);
    OperationId id =
        rig.admit(
            Submitting.of(ScriptedOperation.ofItems(1).obeyingCancel())
                .timeout(Duration.ofSeconds(1)));

    rig.advance(Duration.ofSeconds(5));
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.QUEUED);
    running.succeedAll();
    rig.advance(Duration.ofMillis(999));

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.RUNNING);
  }

  @Test
  void timeout_afterACancel_leavesItCancelled() {
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(Submitting.of(operation).timeout(Duration.ofSeconds(1)));

    rig.cancel(id);
    rig.advance(Duration.ofSeconds(2));
    operation.endCancelled();
    rig.settle();

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  void timeout_ofAFinishedOperation_isTakenBack() {
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(Submitting.of(operation).timeout(Duration.ofSeconds(1)));
    operation.succeedAll();
    rig.settle();

    rig.advance(Duration.ofSeconds(2));

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(operation.task().cancellable().isCancelled()).isFalse();
  }

  @Test
  void l6_afterTheEnd_nothingLeadsToTheOperation() {
    WeakReference<ScriptedOperation> reference = runOne();

    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
    }

    assertThat(reference.get()).isNull();
  }

  private WeakReference<ScriptedOperation> runOne() {
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    rig.admit(Submitting.of(operation).timeout(Duration.ofDays(1)).claiming("data/a", true));
    operation.succeedAll();
    rig.settle();
    return new WeakReference<>(operation);
  }

  @Test
  void p9_failedItems_areToldEachAndTheFirstHundredAreNamed() {
    ScriptedOperation operation = ScriptedOperation.ofItems(120);
    OperationId id = rig.admit(operation);

    for (int i = 0; i < 110; i++) {
      operation.fail(ErrorCode.NOT_FOUND, "Gone.");
    }
    operation.succeedAll();
    rig.settle();

    assertThat(rig.read(id).firstErrors()).hasSize(OperationSnapshot.MAX_FIRST_ERRORS);
    assertThat(rig.heard.items).hasSize(120);
    assertThat(rig.heard.items.stream().filter(item -> item.state() == ItemState.FAILED))
        .hasSize(110);
  }
}
