package dev.asyncops.registry;

import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a start hands to the registry.
 *
 * @param kind the kind of the operation
 * @param operation the work, not prepared yet
 * @param request what was asked for, as the client may see it
 * @param input what it has to be given to do it again, where the request does not say it all; null
 *     where it does
 * @param priority how soon it starts
 * @param bytesPerSecond the limit for its bytes; null for none
 * @param timeout how long it may run once started; null for ever
 * @param report which items are reported
 * @param labels the client's labels
 * @param userData the client's own data, given back unread
 * @param createdBy who starts it
 * @param reach which operations exist for who starts it: it joins no other, and hears of no other
 * @param roots those that it works below
 * @param claims what it must have for itself; those of one that joins another are not looked at
 * @param join which live operation it joins (P2), if they have the same priority, limits and
 *     report; null if this one joins nothing
 * @param keyed the key that it has, so that asking again does nothing again; null for none
 */
public record Submission(
    String kind,
    Operation<?> operation,
    JsonText request,
    @Nullable OperationInput input,
    Priority priority,
    @Nullable Long bytesPerSecond,
    @Nullable Duration timeout,
    Report report,
    Map<String, String> labels,
    @Nullable JsonText userData,
    String createdBy,
    Reach reach,
    RootSet roots,
    List<Claim> claims,
    @Nullable Join join,
    @Nullable KeyedRequest keyed) {

  /** What one takes that says and does next to nothing. */
  private static final long OWN_MEMORY = 2048;

  /**
   * What makes submissions of one kind and creator the same batch.
   *
   * @param key the name of the batch
   * @param options how it does its work; has to be equal, or the later one is refused
   */
  public record Join(String key, Object options) {}

  /**
   * Copies the labels, in their order, and the claims.
   *
   * @throws IllegalArgumentException if a limit is not positive
   */
  public Submission {
    Objects.requireNonNull(operation, "operation");
    if (bytesPerSecond != null && bytesPerSecond <= 0) {
      throw new IllegalArgumentException("bytesPerSecond must be positive: " + bytesPerSecond);
    }
    if (timeout != null && !timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive: " + timeout);
    }
    labels = OperationSettings.copyOf(labels);
    claims = List.copyOf(claims);
  }

  /** The same, with a key. */
  public Submission with(KeyedRequest request) {
    return new Submission(
        kind,
        operation,
        this.request,
        input,
        priority,
        bytesPerSecond,
        timeout,
        report,
        labels,
        userData,
        createdBy,
        reach,
        roots,
        claims,
        join,
        request);
  }

  /** The same, with other labels and user data. */
  public Submission with(Map<String, String> otherLabels, @Nullable JsonText otherData) {
    return new Submission(
        kind,
        operation,
        request,
        input,
        priority,
        bytesPerSecond,
        timeout,
        report,
        otherLabels,
        otherData,
        createdBy,
        reach,
        roots,
        claims,
        join,
        keyed);
  }

  /**
   * The same, of this starter.
   *
   * @param name who it is
   * @param reached what exists for it
   */
  public Submission by(String name, Reach reached) {
    return with(name, reached, roots);
  }

  /** The same, that works below these roots, too. */
  public Submission below(RootSet more) {
    return with(createdBy, reach, roots.and(more));
  }

  private Submission with(String name, Reach reached, RootSet all) {
    return new Submission(
        kind,
        operation,
        request,
        input,
        priority,
        bytesPerSecond,
        timeout,
        report,
        labels,
        userData,
        name,
        reached,
        all,
        claims,
        join,
        keyed);
  }

  /** The roots of an operation that begins with it; one without any has those of its starter. */
  RootSet admittedRoots() {
    return roots.isEmpty() ? reach.whole() : roots;
  }

  /** The same, without what only its admission needs. */
  Submission admitted() {
    return new Submission(
        kind,
        operation,
        request,
        null,
        priority,
        bytesPerSecond,
        timeout,
        report,
        labels,
        userData,
        createdBy,
        reach,
        roots,
        claims,
        join,
        null);
  }

  /**
   * About how many bytes of memory it takes from its admission to its end, more rather than less.
   */
  long memory() {
    long texts = request.text().length();
    texts += userData == null ? 0 : userData.text().length();
    for (Map.Entry<String, String> label : labels.entrySet()) {
      texts += label.getKey().length() + label.getValue().length();
    }
    return OWN_MEMORY + 2 * texts + operation.memory();
  }

  /** What it has to be given to do all of it again. */
  OperationInput wholeInput() {
    return input == null ? OperationInput.of(request) : input;
  }

  /** The same work, of an operation that is remembered: named, shown and owned like that. */
  public Submission as(OperationSnapshot stored) {
    return new Submission(
        kind,
        operation,
        stored.request(),
        null,
        priority,
        bytesPerSecond,
        timeout,
        report,
        stored.labels(),
        stored.userData(),
        stored.createdBy(),
        reach,
        stored.roots(),
        claims,
        join,
        null);
  }

  /** What only brings an operation that is remembered to its end. */
  public static Submission toEnd(OperationSnapshot stored, OperationException error) {
    return new Submission(
        stored.kind(),
        new Ending(error, stored.mark()),
        stored.request(),
        null,
        stored.priority(),
        stored.bytesPerSecond(),
        null,
        Report.FAILURES,
        stored.labels(),
        stored.userData(),
        stored.createdBy(),
        Reach.ALL,
        stored.roots(),
        List.of(),
        null,
        null);
  }

  /** The same work, if it only brings the operation to its end: in its time, open to nobody. */
  public Submission toEnd() {
    return new Submission(
        kind,
        operation,
        request,
        input,
        priority,
        bytesPerSecond,
        null,
        report,
        labels,
        userData,
        createdBy,
        reach,
        roots,
        claims,
        null,
        null);
  }

  /** Whether the options are the same, as a join needs (P2). */
  boolean hasOptionsOf(Submission other) {
    return Objects.equals(join, other.join)
        && priority == other.priority
        && report == other.report
        && Objects.equals(bytesPerSecond, other.bytesPerSecond)
        && Objects.equals(timeout, other.timeout);
  }

  /** Which items of an operation are kept for its report. */
  public enum Report {
    /** Those that failed. */
    FAILURES,
    /** All. */
    ALL,
    /** None. */
    NONE
  }
}
