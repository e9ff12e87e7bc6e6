package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what it hears, and checks of every snapshot what must be true of all: the equations of the
 * counts, that nothing goes down, that states follow as they may, that the end is the end.
 */
final class WatchingListener implements OperationListener {

  private static final Map<OperationState, Set<OperationState>> MAY_FOLLOW =
      Map.of(
          OperationState.QUEUED,
          Set.of(
              OperationState.QUEUED,
              OperationState.RUNNING,
              OperationState.PAUSED,
              OperationState.CANCELLING, // what was begun before it was paused
              OperationState.CANCELLED),
          OperationState.PAUSED,
          Set.of(
              OperationState.PAUSED,
              OperationState.QUEUED,
              OperationState.CANCELLING,
              OperationState.CANCELLED),
          OperationState.RUNNING,
          Set.of(
              OperationState.RUNNING,
              OperationState.PAUSED,
              OperationState.CANCELLING,
              OperationState.SUCCEEDED,
              OperationState.PARTIAL,
              OperationState.FAILED,
              OperationState.CANCELLED),
          OperationState.CANCELLING,
          Set.of(
              OperationState.CANCELLING,
              OperationState.SUCCEEDED,
              OperationState.PARTIAL,
              OperationState.FAILED,
              OperationState.CANCELLED));

  final List<OperationSnapshot> published = new ArrayList<>();
  final List<ItemResult> items = new ArrayList<>();
  final List<ErrorCode> refusals = new ArrayList<>();
  final List<Recovery> recoveries = new ArrayList<>();

  /** The first that was published of operations from before the restart. */
  final List<OperationSnapshot> recovered = new ArrayList<>();

  int forgotten;

  /** What was not as it must be. */
  final List<String> violations = new ArrayList<>();

  private final Map<OperationId, OperationSnapshot> newest = new HashMap<>();

  /** The states one operation went through, in order, each once. */
  List<OperationState> statesOf(OperationId id) {
    return of(id).stream().map(OperationSnapshot::state).distinct().toList();
  }

  /** What was published of one operation. */
  List<OperationSnapshot> of(OperationId id) {
    return published.stream().filter(snapshot -> snapshot.id().equals(id)).toList();
  }

  @Override
  public void published(@Nullable OperationSnapshot before, OperationSnapshot after) {
    published.add(after);
    check(
        after,
        Objects.equals(before, newest.put(after.id(), after)),
        "replaces another than it says");
    checkCounts(after);
    if (before == null && after.attempt() > 1) {
      recovered.add(after);
    } else if (before == null) {
      check(after, after.revision() == 1, "does not begin with revision 1");
      check(after, after.state() == OperationState.QUEUED, "does not begin queued");
    } else {
      checkChange(before, after);
    }
  }

  @Override
  public void itemEnded(OperationSnapshot operation, ItemResult item) {
    items.add(item);
  }

  @Override
  public void refused(String kind, ErrorCode reason) {
    refusals.add(reason);
  }

  @Override
  public void recovered(Recovery how) {
    recoveries.add(how);
  }

  @Override
  public void forgotten(int operations) {
    forgotten += operations;
  }

  private void checkCounts(OperationSnapshot now) {
    long finished = now.succeeded() + now.failed() + now.skipped() + now.cancelled();
    check(now, now.total() == now.pending() + finished, "does not add up");
    check(now, 0 <= now.toStart() && now.toStart() <= now.pending(), "starts too many");
    boolean terminal = now.state().isTerminal();
    check(now, !terminal || now.pending() == 0, "is over and has items pending");
    check(now, terminal == (now.endTime() != null), "has a wrong end time");
    check(now, terminal == (now.expireTime() != null), "has a wrong expire time");
  }

  private void checkChange(OperationSnapshot before, OperationSnapshot after) {
    check(after, !before.state().isTerminal(), "changed after its end");
    boolean cleansUp =
        before.state() == OperationState.QUEUED && after.state() == OperationState.CANCELLING;
    check(after, !cleansUp || after.startTime() != null, "was never begun");
    check(
        after,
        MAY_FOLLOW.getOrDefault(before.state(), Set.of()).contains(after.state()),
        "must not follow " + before.state());
    check(after, after.revision() == before.revision() + 1, "skips a revision");
    check(after, after.total() >= before.total(), "total went down");
    check(after, after.succeeded() >= before.succeeded(), "succeeded went down");
    check(after, after.failed() >= before.failed(), "failed went down");
    check(after, after.skipped() >= before.skipped(), "skipped went down");
    check(after, after.cancelled() >= before.cancelled(), "cancelled went down");
    check(after, after.progress().bytesDone() >= before.progress().bytesDone(), "bytes went down");
    check(after, !after.updateTime().isBefore(before.updateTime()), "time went back");
  }

  private void check(OperationSnapshot snapshot, boolean holds, String otherwise) {
    if (!holds) {
      violations.add(otherwise + ": " + snapshot);
    }
  }
}
