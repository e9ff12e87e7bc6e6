package dev.asyncops.registry;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation as read: everything of one instant, published by the main context (A7).
 *
 * <p>{@code total = pending + succeeded + failed + skipped + cancelled} and {@code 0 <= toStart <=
 * pending}; a terminal snapshot has nothing pending. Of two snapshots of an operation the one with
 * the greater revision is the later one.
 *
 * @param id the id
 * @param kind {@code copy}, {@code delete-batch} or {@code connect}
 * @param state where it stands
 * @param phase what it is doing; null before it does anything
 * @param revision 1 at admission, and only goes up
 * @param pending items not finished yet, started or not
 * @param toStart items not started yet
 * @param total items known
 * @param totalExact whether no more will be found
 * @param succeeded items done
 * @param failed items that failed
 * @param skipped items left as they were on purpose
 * @param cancelled items not done because of a cancel or an early end
 * @param progress the bytes; all zero for what moves none
 * @param priority how soon it starts and how its items are served
 * @param bytesPerSecond the limit it was given; null for none
 * @param paused whether somebody wants it to rest, and it is neither over nor to stop
 * @param timeoutSeconds how long it may run once started, not counting the time it is paused; null
 *     for ever
 * @param attempt 1, and one more after each restart of the service
 * @param createTime admission; the time of the id
 * @param startTime the start of the work; null before
 * @param updateTime this snapshot
 * @param endTime the end; null before
 * @param expireTime when it is forgotten at the latest; null before the end
 * @param cancelRequestTime the first cancel; null if there was none
 * @param request what was asked for, as the client may see it
 * @param labels the client's labels
 * @param userData the client's own data, given back unread; null if it gave none
 * @param createdBy who started it
 * @param roots those that it works below
 * @param result the value of a whole or partial success: a record, or {@link JsonText} once it was
 *     read from a store; null otherwise
 * @param error why it failed or was cancelled; null otherwise
 * @param firstErrors the first failed items, at most {@link #MAX_FIRST_ERRORS} (P9)
 * @param mark what another attempt has to know, not for clients: a record, or {@link JsonText} once
 *     it was read from a store; null if there is nothing; see {@link
 *     dev.asyncops.async.Operation#mark}
 */
public record OperationSnapshot(
    OperationId id,
    String kind,
    OperationState state,
    @Nullable String phase,
    long revision,
    long pending,
    long toStart,
    long total,
    boolean totalExact,
    long succeeded,
    long failed,
    long skipped,
    long cancelled,
    Progress progress,
    Priority priority,
    @Nullable Long bytesPerSecond,
    boolean paused,
    @Nullable Double timeoutSeconds,
    int attempt,
    Instant createTime,
    @Nullable Instant startTime,
    Instant updateTime,
    @Nullable Instant endTime,
    @Nullable Instant expireTime,
    @Nullable Instant cancelRequestTime,
    JsonText request,
    Map<String, String> labels,
    @Nullable JsonText userData,
    String createdBy,
    RootSet roots,
    @Nullable Object result,
    @Nullable OperationError error,
    List<ItemResult> firstErrors,
    @Nullable Object mark) {

  /** The next one of an operation that is over: the same with other labels. */
  OperationSnapshot labelled(Map<String, String> others) {
    return new OperationSnapshot(
        id,
        kind,
        state,
        phase,
        revision + 1,
        pending,
        toStart,
        total,
        totalExact,
        succeeded,
        failed,
        skipped,
        cancelled,
        progress,
        priority,
        bytesPerSecond,
        paused,
        timeoutSeconds,
        attempt,
        createTime,
        startTime,
        updateTime,
        endTime,
        expireTime,
        cancelRequestTime,
        request,
        others,
        userData,
        createdBy,
        roots,
        result,
        error,
        firstErrors,
        mark);
  }

  /** How many failed items a snapshot names. */
  public static final int MAX_FIRST_ERRORS = 100;

  /**
   * The bytes of an operation.
   *
   * @param bytesDone moved so far
   * @param bytesTotal to be moved in all; null while not known
   * @param bytesPerSecond the recent rate; null while not known
   * @param fraction how much is done, 0 to 1, of the bytes, or of the items where no bytes are
   *     moved; null while the totals are not known
   * @param etaSeconds the time left at the recent rate; null while not known
   */
  public record Progress(
      long bytesDone,
      @Nullable Long bytesTotal,
      @Nullable Long bytesPerSecond,
      @Nullable Double fraction,
      @Nullable Long etaSeconds) {}
}
