package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationRegistryChangeTests {

  private final RegistryRig rig = RegistryRig.of(1, 100);
  private final ScriptedOperation work = ScriptedOperation.ofItems(5);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void change_isAnsweredWhenItIsSaved_withOneRevisionMore() {
    OperationId id = rig.admit(work);
    OperationSnapshot before = rig.read(id);
    rig.store.hold();
    List<Change> answers = new ArrayList<>();

    rig.registry.change(id, _ -> settings(Priority.LOW, 1000L, "team", "a"), answers::add);
    rig.settle();

    assertThat(answers).isEmpty();
    rig.store.release();
    rig.settle();
    OperationSnapshot after = rig.read(id);
    assertThat(answers).containsExactly(new Change.Made(after));
    assertThat(after.revision()).isEqualTo(before.revision() + 1);
    assertThat(after.priority()).isEqualTo(Priority.LOW);
    assertThat(after.bytesPerSecond()).isEqualTo(1000);
    assertThat(after.labels()).isEqualTo(Map.of("team", "a"));
    assertThat(rig.store.find(id)).contains(after);
    assertThat(work.priority()).isEqualTo(Priority.LOW);
    assertThat(work.bytesPerSecond()).isEqualTo(1000);
  }

  @Test
  void changeThatChangesNothing_leavesTheRevision() {
    OperationId id = rig.admit(work);
    OperationSnapshot before = rig.read(id);

    assertThat(rig.changed(id, now -> now)).isEqualTo(before);

    assertThat(rig.read(id)).isSameAs(before);
    assertThat(work.priority()).isNull();
  }

  @Test
  void changeThatThrows_changesNothing() {
    OperationId id = rig.admit(work);
    OperationSnapshot before = rig.read(id);
    IllegalStateException reason = new IllegalStateException("no");

    Change answer =
        rig.change(
            id,
            _ -> {
              throw reason;
            });

    assertThat(answer).isEqualTo(new Change.Declined(reason));
    assertThat(rig.read(id)).isSameAs(before);
  }

  @Test
  void changedPriority_decidesWhoIsNext() {
    rig.admit(work);
    ScriptedOperation first = ScriptedOperation.ofItems(1);
    ScriptedOperation second = ScriptedOperation.ofItems(1);
    rig.admit(first);
    OperationId raised = rig.admit(second);

    rig.changed(raised, _ -> settings(Priority.HIGH, null));
    work.succeedAll();
    rig.settle();

    assertThat(second.isStarted()).isTrue();
    assertThat(first.isStarted()).isFalse();
  }

  @Test
  void otherChanges_leaveAnOperationsTurn() {
    rig.admit(work);
    ScriptedOperation first = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(first);
    rig.admit(ScriptedOperation.ofItems(1));

    rig.changed(id, _ -> settings(Priority.DEFAULT, 5L, "a", "b"));
    work.succeedAll();
    rig.settle();

    assertThat(first.isStarted()).isTrue();
  }

  @Test
  void whatIsBeingCancelled_changesItsLabelsOnly() {
    OperationId id = rig.admit(work);
    rig.cancel(id);

    assertThat(codeOf(rig.change(id, _ -> settings(Priority.HIGH, null))))
        .isEqualTo(ErrorCode.CLOSED);
    assertThat(rig.changed(id, _ -> settings(Priority.DEFAULT, null, "a", "b")).labels())
        .isEqualTo(Map.of("a", "b"));

    work.endCancelled();
    rig.settle();
    assertThat(rig.read(id).labels()).isEqualTo(Map.of("a", "b"));
  }

  @Test
  void finishedOperation_changesItsLabelsOnly_withoutEndingAgain() {
    OperationId id = rig.admit(work);
    work.succeedAll();
    rig.settle();
    OperationSnapshot over = rig.read(id);
    int published = rig.heard.published.size();

    assertThat(codeOf(rig.change(id, _ -> settings(Priority.HIGH, null))))
        .isEqualTo(ErrorCode.CLOSED);
    assertThat(rig.read(id)).isEqualTo(over);
    OperationSnapshot relabelled = rig.changed(id, _ -> settings(Priority.DEFAULT, null, "a", "b"));

    assertThat(relabelled).isEqualTo(over.labelled(Map.of("a", "b")));
    assertThat(relabelled.revision()).isEqualTo(over.revision() + 1);
    assertThat(rig.read(id)).isEqualTo(relabelled);
    assertThat(rig.store.find(id)).contains(relabelled);
    assertThat(rig.heard.published).hasSize(published);
    assertThat(rig.registry.summary().byState()).containsEntry(OperationState.SUCCEEDED, 1L);
  }

  @Test
  void changesOfAFinishedOperation_thatComeTogether_areAllKept() {
    OperationId id = rig.admit(work);
    work.succeedAll();
    rig.settle();
    rig.store.hold();
    List<Change> answers = new ArrayList<>();

    rig.registry.change(id, now -> labelled(now, "a", "1"), answers::add);
    rig.registry.change(id, now -> labelled(now, "b", "2"), answers::add);
    rig.store.release();
    rig.settle();

    assertThat(answers).hasSize(2).allMatch(Change.Made.class::isInstance);
    assertThat(rig.read(id).labels()).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(rig.store.find(id)).contains(rig.read(id));
  }

  @Test
  void changeWhileTheEndIsBeingSaved_waitsForIt() {
    OperationId id = rig.admit(work);
    rig.store.hold();
    work.succeedAll();
    rig.settle();
    List<Change> answers = new ArrayList<>();

    rig.registry.change(id, now -> labelled(now, "a", "1"), answers::add);
    rig.settle();
    assertThat(answers).isEmpty();
    rig.store.release();
    rig.settle();

    assertThat(answers).containsExactly(new Change.Made(rig.read(id)));
    assertThat(rig.read(id).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(rig.read(id).labels()).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void finishedOperation_thatIsForgottenMeanwhile_isNotShownAgain() {
    OperationId id = rig.admit(work);
    work.succeedAll();
    rig.settle();
    rig.store.hold();
    rig.time.advance(RegistryRig.MAX_AGE);
    rig.settle();

    rig.registry.change(id, now -> labelled(now, "a", "1"), _ -> {});
    rig.store.release();
    rig.settle();

    assertThat(rig.registry.find(id)).isEmpty();
  }

  @Test
  void storeThatIsKnownToBeBroken_changesNothing() {
    OperationId id = rig.admit(work);
    rig.store.saved.fail(true);
    rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)));
    OperationSnapshot before = rig.read(id);

    assertThat(codeOf(rig.change(id, _ -> settings(Priority.LOW, null))))
        .isEqualTo(ErrorCode.STORE_UNAVAILABLE);

    assertThat(rig.read(id)).isEqualTo(before);
  }

  @Test
  void unknownOperation_isNotLive() {
    OperationId id = rig.admit(work);
    work.succeedAll();
    rig.settle();
    rig.advance(RegistryRig.MAX_AGE.plus(Duration.ofMinutes(2)));

    assertThat(rig.change(id, now -> now)).isEqualTo(new Change.NotLive());
  }

  private static OperationSettings settings(
      Priority priority, @Nullable Long bytesPerSecond, String... label) {
    return new OperationSettings(
        priority, bytesPerSecond, false, label.length == 0 ? Map.of() : Map.of(label[0], label[1]));
  }

  private static OperationSettings labelled(OperationSnapshot now, String key, String value) {
    Map<String, String> labels = new HashMap<>(now.labels());
    labels.put(key, value);
    return new OperationSettings(now.priority(), now.bytesPerSecond(), now.paused(), labels);
  }

  private static ErrorCode codeOf(Change answer) {
    assertThat(answer).isInstanceOf(Change.Refused.class);
    return ((Change.Refused) answer).error().code();
  }
}
