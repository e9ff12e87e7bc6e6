package dev.asyncops.http;

import dev.asyncops.async.Operation;
import dev.asyncops.async.Priority;
import dev.asyncops.operations.OperationOptions;
import dev.asyncops.registry.Claim;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.RootSet;
import dev.asyncops.registry.Submission;
import dev.asyncops.registry.Submission.Report;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The members that every start may have, judged and with their defaults.
 *
 * @param priority how soon it starts
 * @param bytesPerSecond the limit for its bytes; null for none
 * @param timeoutSeconds how long it may run, as the client wrote it; null for ever
 * @param labels the client's labels, in the client's order
 * @param userData any JSON, as it will be given back; null for none
 * @param report which items are reported
 */
record CommonOptions(
    Priority priority,
    @Nullable Long bytesPerSecond,
    @Nullable BigDecimal timeoutSeconds,
    Map<String, String> labels,
    @Nullable JsonText userData,
    Report report) {

  static final Priority DEFAULT_PRIORITY = Priority.DEFAULT;
  static final Report DEFAULT_REPORT = Report.FAILURES;
  static final int MAX_USER_DATA_BYTES = 4096;

  /** Stands for who starts, until that is {@linkplain Submission#by said}. */
  private static final String NOBODY = "nobody";

  /** Reads them from a body; what is wrong is noted. */
  static CommonOptions of(StartBody body, Violations violations) {
    Long bytesPerSecond = body.bytesPerSecond();
    if (bytesPerSecond != null && bytesPerSecond < 1) {
      violations.invalid("/bytesPerSecond", "The limit must be 1 or more.");
    }
    Timeouts.check(body.timeoutSeconds(), "/timeoutSeconds", violations);
    return new CommonOptions(
        Objects.requireNonNullElse(body.priority(), DEFAULT_PRIORITY),
        bytesPerSecond,
        body.timeoutSeconds(),
        LabelRules.labels(body.labels(), violations),
        userData(body.userData(), violations),
        Objects.requireNonNullElse(body.report(), DEFAULT_REPORT));
  }

  /** What an operation has to know of them. */
  OperationOptions forOperation() {
    return new OperationOptions(priority, bytesPerSecond, report == Report.ALL);
  }

  /** What the registry is given, but for who starts it. */
  Submission submission(
      String kind, Operation<?> operation, Object request, RootSet roots, List<Claim> claims) {
    return submission(kind, operation, request, roots, null, claims, null);
  }

  /** The same, with what else it has to be given to run again, and with what it joins. */
  Submission submission(
      String kind,
      Operation<?> operation,
      Object request,
      RootSet roots,
      @Nullable OperationInput input,
      List<Claim> claims,
      Submission.@Nullable Join join) {
    return new Submission(
        kind,
        operation,
        Json.text(request),
        input,
        priority,
        bytesPerSecond,
        timeout(),
        report,
        labels,
        userData,
        NOBODY,
        Reach.of(List.of()),
        roots,
        claims,
        join,
        null);
  }

  private @Nullable Duration timeout() {
    return timeoutSeconds == null ? null : Timeouts.duration(timeoutSeconds);
  }

  private static @Nullable JsonText userData(@Nullable JsonNode given, Violations violations) {
    if (given == null || given.isNull() || given.isMissingNode()) {
      return null;
    }
    JsonText text = Json.text(given);
    if (!Texts.isWellFormed(text.text())) {
      violations.invalid("/userData", "User data must be text that can be written as UTF-8.");
    } else if (text.text().getBytes(StandardCharsets.UTF_8).length > MAX_USER_DATA_BYTES) {
      violations.invalid(
          "/userData", "User data may have at most %d bytes.".formatted(MAX_USER_DATA_BYTES));
    }
    return text;
  }
}
