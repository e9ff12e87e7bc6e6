package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Operation.Join;
import dev.asyncops.registry.OperationStore.KeyedOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Starts with a key, whatever comes in between. */
class OperationRegistryKeyTests {

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  private final RegistryRig rig = RegistryRig.of(2, 3);
  private final List<Admission> answers = new ArrayList<>();

  @AfterEach
  void close() {
    rig.close();
  }

  // ---- One operation

  @Test
  void again_isTheSameOperationAsItStands() {
    ScriptedOperation copy = ScriptedOperation.ofItems(2);
    OperationId id = rig.admit(keyed(copy));
    copy.succeed(1);
    rig.settle();

    OperationSnapshot replayed = replayed(keyed(ScriptedOperation.ofItems(2)));

    assertThat(replayed.id()).isEqualTo(id);
    assertThat(replayed.succeeded()).isEqualTo(1);
    assertThat(rig.registry.summary().byState()).containsEntry(OperationState.RUNNING, 1L);
  }

  @Test
  void again_whenItIsOver_isTheOperationAsItEnded() {
    ScriptedOperation copy = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(keyed(copy));
    copy.succeedAll();
    rig.settle();

    OperationSnapshot replayed = replayed(keyed(ScriptedOperation.ofItems(1)));

    assertThat(replayed).isEqualTo(rig.read(id));
    assertThat(replayed.state()).isEqualTo(OperationState.SUCCEEDED);
  }

  @Test
  void again_whenItIsOnlyInTheStore_isTheOperationAsItEnded() {
    OperationSnapshot stored =
        Snapshots.of(
            new OperationIds(rig.time, new Random(5)).next(),
            "copy",
            OperationState.SUCCEEDED,
            Map.of());
    rig.store.admit(stored, null, keyed(ScriptedOperation.ofItems(1)).now().keyed(), _ -> {});
    rig.settle();

    assertThat(replayed(keyed(ScriptedOperation.ofItems(1)))).isEqualTo(stored);
  }

  @Test
  void again_isFoundBeforeWhatCompetesIsLookedAt() {
    OperationId id = rig.admit(keyed(ScriptedOperation.ofItems(1)).claiming("data/a", true));

    OperationSnapshot replayed =
        replayed(keyed(ScriptedOperation.ofItems(1)).claiming("data/a", true));

    assertThat(replayed.id()).isEqualTo(id);
  }

  @Test
  void again_alsoWhenTheQueueIsFullAndWhileTheServiceEnds() {
    OperationId id = rig.admit(keyed(ScriptedOperation.ofItems(1)));
    for (int i = 0; i < 4; i++) {
      rig.admit(ScriptedOperation.ofItems(1));
    }
    assertThat(rig.registry.isAccepting()).isFalse();

    assertThat(replayed(keyed(ScriptedOperation.ofItems(1))).id()).isEqualTo(id);
    rig.registry.drain(Duration.ofMinutes(1), () -> {});
    assertThat(replayed(keyed(ScriptedOperation.ofItems(1))).id()).isEqualTo(id);
    assertThat(rig.refuse(keyed("another")).error().code()).isEqualTo(ErrorCode.DRAINING);
    assertThat(rig.heard.refusals).containsExactly(ErrorCode.DRAINING);
  }

  @Test
  void another_creatorPathOrKey_isAnotherOperation() {
    OperationId first = rig.admit(keyed(ScriptedOperation.ofItems(1)));

    OperationId creator =
        rig.admit(Submitting.of(ScriptedOperation.ofItems(1)).createdBy("x").keyed("k"));
    OperationId path =
        rig.admit(Submitting.of(ScriptedOperation.ofItems(1)).kind("connect").keyed("k"));
    OperationId key = rig.admit(keyed("another"));

    assertThat(List.of(first, creator, path, key)).doesNotHaveDuplicates();
  }

  @Test
  void anotherFingerprint_isRefused() {
    OperationId id = rig.admit(keyed(ScriptedOperation.ofItems(1)));

    Admission.Refused refused = rig.refuse(differing());

    assertThat(refused.error().code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
    assertThat(refused.error().detail()).contains(id.toString());
    assertThat(refused.running()).isNull();
    assertThat(rig.heard.refusals).containsExactly(ErrorCode.IDEMPOTENCY_KEY_REUSED);
  }

  @Test
  void startsWithoutAKey_lookForNone() {
    rig.admit(ScriptedOperation.ofItems(1));

    assertThat(rig.store.looks).isZero();
  }

  // ---- At once

  @Test
  void atOnce_oneIsAdmitted_andTheOthersGetItToo() {
    for (int i = 0; i < 64; i++) {
      submit(keyed(ScriptedOperation.ofItems(1)).claiming("data/a", true));
    }
    rig.settle();

    assertThat(answers).hasSize(64);
    assertThat(answers.getFirst()).isInstanceOf(Admission.Accepted.class);
    OperationId id = ((Admission.Accepted) answers.getFirst()).operation().id();
    assertThat(answers.subList(1, 64))
        .allSatisfy(
            answer -> assertThat(((Admission.Replayed) answer).operation().id()).isEqualTo(id));
    assertThat(rig.list(new Querying())).hasSize(1);
    assertThat(rig.store.looks).isEqualTo(1);
  }

  @Test
  void atOnce_whileTheFirstIsBeingSaved_nobodyIsAnsweredBefore() {
    submit(keyed(ScriptedOperation.ofItems(1)));
    rig.context.iterate(false); // it was not found: now it is being saved
    rig.store.hold();
    rig.settle();
    submit(keyed(ScriptedOperation.ofItems(1)));
    rig.settle();

    assertThat(answers).hasSizeLessThan(2);
    rig.store.release();
    rig.settle();
    assertThat(answers).hasSize(2);
    assertThat(rig.list(new Querying())).hasSize(1);
  }

  @Test
  void atOnce_whenTheFirstIsRefused_theOthersAreRefusedTheSameWay_andTheKeyIsFree() {
    OperationId other = rig.admit(Submitting.of(ScriptedOperation.ofItems(1)).claiming("d", true));
    for (int i = 0; i < 3; i++) {
      submit(keyed(ScriptedOperation.ofItems(1)).claiming("d", true));
    }
    rig.settle();

    assertThat(answers).hasSize(3);
    assertThat(answers)
        .allSatisfy(answer -> {
          Admission.Refused refused = (Admission.Refused) answer;
          assertThat(refused.error().code()).isEqualTo(ErrorCode.PENDING);
          assertThat(refused.running()).isEqualTo(other);
        });
    assertThat(rig.heard.refusals).hasSize(3);
    rig.admit(differing());
  }

  @Test
  void atOnce_withAnotherFingerprint_isRefusedIfTheFirstIsAdmitted() {
    submit(keyed(ScriptedOperation.ofItems(1)));
    submit(differing());
    submit(keyed(ScriptedOperation.ofItems(1)));
    rig.settle();

    assertThat(answers).hasSize(3);
    assertThat(answers.get(0)).isInstanceOf(Admission.Accepted.class);
    assertThat(answers.get(1))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused ->
                assertThat(refused.error().code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED));
    assertThat(answers.get(2)).isInstanceOf(Admission.Replayed.class);
  }

  @Test
  void atOnce_withAnotherFingerprint_isTheFirstOfItsOwnIfTheFirstIsRefused() {
    rig.admit(Submitting.of(ScriptedOperation.ofItems(1)).claiming("d", true));
    submit(keyed(ScriptedOperation.ofItems(1)).claiming("d", true));
    submit(differing());
    submit(differing());
    submit(keyed(ScriptedOperation.ofItems(1)).claiming("d", true));
    rig.settle();

    assertThat(answers).hasSize(4);
    assertThat(answers).filteredOn(Admission.Accepted.class::isInstance).hasSize(1);
    assertThat(answers).filteredOn(Admission.Replayed.class::isInstance).hasSize(1);
    assertThat(answers)
        .filteredOn(Admission.Refused.class::isInstance)
        .extracting(refused -> ((Admission.Refused) refused).error().code())
        .containsExactly(ErrorCode.PENDING, ErrorCode.PENDING);
  }

  // ---- What cannot be saved or read

  @Test
  void whenTheLookFails_allAreRefused_andTheKeyIsFree() {
    rig.store.saved.fail(true);
    submit(keyed(ScriptedOperation.ofItems(1)));
    submit(keyed(ScriptedOperation.ofItems(1)));
    rig.settle();
    submit(keyed(ScriptedOperation.ofItems(1))); // it is known by now that it fails
    assertThat(answers).hasSize(2);
    rig.settle();

    assertThat(answers).hasSize(3).allSatisfy(this::isUnavailable);
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);
    rig.admit(differing());
  }

  @Test
  void whenTheSaveFails_allAreRefused_andTheKeyIsFree() {
    submit(keyed(ScriptedOperation.ofItems(1)));
    submit(keyed(ScriptedOperation.ofItems(1)));
    while (rig.store.came.isEmpty()) {
      rig.context.iterate(false);
    }
    rig.store.saved.fail(true);
    rig.settle();

    assertThat(answers).hasSize(2).allSatisfy(this::isUnavailable);
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);
    rig.admit(differing());
  }

  // ---- Forgetting

  @Test
  void anOperationThatIsForgotten_takesItsKeysAlong() {
    ScriptedOperation copy = ScriptedOperation.ofItems(1);
    OperationId first = rig.admit(keyed(copy));
    copy.succeedAll();
    rig.settle();
    rig.advance(RegistryRig.MAX_AGE);

    OperationId second = rig.admit(differing());

    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void anOperationThatIsForgottenWhileSomebodyLooks_isFoundOrNot_inTheOrderOfTheStore() {
    ScriptedOperation copy = ScriptedOperation.ofItems(1);
    OperationId first = rig.admit(keyed(copy));
    copy.succeedAll();
    rig.settle();
    rig.store.hold();
    submit(keyed(ScriptedOperation.ofItems(1)));
    rig.advance(RegistryRig.MAX_AGE);
    submit(keyed(ScriptedOperation.ofItems(1)));
    rig.settle();
    rig.store.release();
    rig.settle();

    assertThat(answers)
        .hasSize(2)
        .allSatisfy(
            answer -> assertThat(((Admission.Replayed) answer).operation().id()).isEqualTo(first));
    assertThat(rig.admit(keyed(ScriptedOperation.ofItems(1)))).isNotEqualTo(first);
  }

  // ---- Joining

  @Test
  void aJoin_isReplayedToo_andDoesNothingAgain() {
    ScriptedOperation batch = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(batch(batch, "first"));
    rig.admit(batch(ScriptedOperation.ofItems(5), "second"));

    OperationSnapshot first = replayed(batch(ScriptedOperation.ofItems(3), "first"));
    OperationSnapshot second = replayed(batch(ScriptedOperation.ofItems(5), "second"));

    assertThat(first.id()).isEqualTo(id);
    assertThat(second.id()).isEqualTo(id);
    assertThat(second.total()).isEqualTo(8);
    batch.succeedAll();
    rig.settle();
    assertThat(replayed(batch(ScriptedOperation.ofItems(5), "second")).state())
        .isEqualTo(OperationState.SUCCEEDED);
  }

  @Test
  void joinsAtOnce_areDoneOnce() {
    ScriptedOperation batch = ScriptedOperation.ofItems(3);
    rig.admit(batch(batch, "first"));
    for (int i = 0; i < 5; i++) {
      submit(batch(ScriptedOperation.ofItems(5), "second"));
    }
    rig.settle();

    assertThat(answers).hasSize(5);
    assertThat(batch.progress().total()).isEqualTo(8);
  }

  @Test
  void aJoinThatComesTooLate_leadsToTheNextBatch_fromTheEndOfTheFirstOn() {
    ScriptedOperation first = ScriptedOperation.ofItems(1);
    OperationId over = rig.admit(batch(first, "first"));
    lateJoin(first::succeedAll);

    OperationId next = ((Admission.Accepted) answers.getFirst()).operation().id();
    assertThat(next).isNotEqualTo(over);
    assertThat(rig.stateOf(over)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(replayed(batch(ScriptedOperation.ofItems(5), "late")).id()).isEqualTo(next);
    assertThat(replayed(batch(ScriptedOperation.ofItems(1), "first")).id()).isEqualTo(over);
  }

  @Test
  void theEndOfABatch_givesBackTheKeysOfThoseThatCameTooLate_inOneWrite() {
    ScriptedOperation first = ScriptedOperation.ofItems(1);
    OperationId over = rig.admit(batch(first, "first"));
    rig.store.hold();
    submit(batch(ScriptedOperation.ofItems(5), "late"));
    rig.store.releaseOne(); // the look
    rig.settle();
    first.succeedAll();
    rig.settle(); // the end waits behind what the join brings along
    rig.store.releaseOne();
    rig.store.releaseOne();
    while (rig.stateOf(over) != OperationState.SUCCEEDED) {
      rig.context.iterate(false);
    }

    assertThat(rig.store.find(over).orElseThrow().state()).isEqualTo(OperationState.SUCCEEDED);
    List<@Nullable KeyedOperation> found = new ArrayList<>();
    rig.store.saved.findKey(
        new IdempotencyKey("ci", "/ops/delete-batch", "late"), (known, _) -> found.add(known));
    rig.settle();
    assertThat(found).hasSize(1).containsOnlyNulls();
    rig.store.release();
    rig.settle();
    assertThat(answers).hasSize(1);
  }

  @Test
  void aJoinThatComesTooLateAndIsRefused_leavesTheKeyFree() {
    RegistryRig small = RegistryRig.of(1, 1);
    ScriptedOperation first = ScriptedOperation.ofItems(1);
    OperationId cancelled = small.admit(batch(first, "first"));
    small.store.hold();
    small.registry.submit(batch(ScriptedOperation.ofItems(5), "late").now(), answers::add);
    small.store.releaseOne();
    small.settle();
    small.store.release();
    small.cancelLater(cancelled);
    small.registry.submit(Submitting.of(ScriptedOperation.ofItems(1)).now(), _ -> {});
    small.settle();

    assertThat(answers)
        .singleElement()
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.error().code()).isEqualTo(ErrorCode.QUEUE_FULL));
    assertThat(small.stateOf(cancelled)).isEqualTo(OperationState.CANCELLING);
    assertThat(small.refuse(batch(ScriptedOperation.ofItems(5), "late")).error().code())
        .isEqualTo(ErrorCode.QUEUE_FULL);
    first.endCancelled();
    small.settle();
    assertThat(small.admit(batch(ScriptedOperation.ofItems(5), "late"))).isNotEqualTo(cancelled);
    small.close();
  }

  @Test
  void aJoinThatTheBatchDoesNotTake_leavesTheKeyFree() {
    OperationId id =
        rig.admit(batch(ScriptedOperation.ofItems(3).answeringJoin(Join.DIFFERS), "first"));

    for (int i = 0; i < 2; i++) {
      Admission.Refused refused = rig.refuse(batch(ScriptedOperation.ofItems(5), "second"));
      assertThat(refused.error().code()).isEqualTo(ErrorCode.PENDING);
    }

    assertThat(replayed(batch(ScriptedOperation.ofItems(3), "first")).id()).isEqualTo(id);
  }

  @Test
  void anEndThatCannotBeSavedAtOnce_givesTheKeysBackWhenItIs() {
    ScriptedOperation first = ScriptedOperation.ofItems(1);
    OperationId over = rig.admit(batch(first, "first"));
    lateJoin(() -> {
      first.succeedAll();
      rig.settle();
      rig.store.releaseOne(); // what the join brings along
      rig.settle();
      rig.store.saved.fail(true);
    });
    assertThat(answers).singleElement().satisfies(this::isUnavailable);
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);

    assertThat(rig.stateOf(over)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(replayed(batch(ScriptedOperation.ofItems(1), "first")).id()).isEqualTo(over);
    rig.admit(batch(ScriptedOperation.ofItems(5), "late", "0b"));
  }

  // ----

  /** A start that joins the batch in the store, but not in time. */
  private void lateJoin(Runnable meanwhile) {
    rig.store.hold();
    submit(batch(ScriptedOperation.ofItems(5), "late"));
    rig.store.releaseOne(); // the look
    rig.settle();
    meanwhile.run();
    rig.settle();
    rig.store.release();
    rig.settle();
  }

  private void isUnavailable(Admission answer) {
    assertThat(((Admission.Refused) answer).error().code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
  }

  private void submit(Submitting submission) {
    rig.registry.submit(submission.now(), answers::add);
  }

  private OperationSnapshot replayed(Submitting submission) {
    Admission answer = rig.submit(submission);
    assertThat(answer).isInstanceOf(Admission.Replayed.class);
    return ((Admission.Replayed) answer).operation();
  }

  private static Submitting keyed(ScriptedOperation operation) {
    return Submitting.of(operation).keyed("k");
  }

  private static Submitting keyed(String key) {
    return Submitting.of(ScriptedOperation.ofItems(1)).keyed(key);
  }

  /** Asks for something else with the same key as the others. */
  private static Submitting differing() {
    return Submitting.of(ScriptedOperation.ofItems(1)).keyed("k", "0b");
  }

  private static Submitting batch(ScriptedOperation operation, String key) {
    return batch(operation, key, "0a");
  }

  private static Submitting batch(ScriptedOperation operation, String key, String fingerprint) {
    return Submitting.of(operation).joining("nightly").keyed(key, fingerprint);
  }
}
