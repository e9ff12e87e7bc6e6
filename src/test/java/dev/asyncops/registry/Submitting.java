package dev.asyncops.registry;

import dev.asyncops.async.Operation;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes down a submission, beginning with a plain one. */
final class Submitting {

  private final Operation<?> operation;
  private final List<Claim> claims = new ArrayList<>();
  private final Map<String, String> labels = new LinkedHashMap<>();
  private String kind = "copy";
  private Priority priority = Priority.DEFAULT;
  private String createdBy = "ci";
  private Reach reach = Reach.ALL;
  private RootSet roots = RootSet.of(List.of("data"));
  private @Nullable Duration timeout;
  private Submission.@Nullable Join join;
  private @Nullable KeyedRequest keyed;
  private @Nullable OperationInput input;
  private @Nullable JsonText userData;
  private Submission.Report report = Submission.Report.FAILURES;

  private Submitting(Operation<?> operation) {
    this.operation = operation;
  }

  static Submitting of(Operation<?> operation) {
    return new Submitting(operation);
  }

  Submitting kind(String value) {
    kind = value;
    return this;
  }

  Submitting priority(Priority value) {
    priority = value;
    return this;
  }

  Submitting createdBy(String value) {
    createdBy = value;
    return this;
  }

  Submitting reaching(String... names) {
    reach = Reach.of(List.of(names));
    return this;
  }

  Submitting below(String... names) {
    roots = RootSet.of(List.of(names));
    return this;
  }

  Submitting timeout(Duration value) {
    timeout = value;
    return this;
  }

  Submitting report(Submission.Report value) {
    report = value;
    return this;
  }

  Submitting label(String name, String value) {
    labels.put(name, value);
    return this;
  }

  Submitting input(String value) {
    input = OperationInput.of(new JsonText(value));
    return this;
  }

  Submitting userData(JsonText value) {
    userData = value;
    return this;
  }

  Submitting claiming(String path, boolean tree) {
    claims.add(new Claim("destination", path, tree));
    return this;
  }

  Submitting joining(String key) {
    return joining(key, "options");
  }

  Submitting joining(String key, Object options) {
    kind = "delete-batch";
    join = new Submission.Join(key, options);
    return this;
  }

  Submitting keyed(String key) {
    return keyed(key, "0a");
  }

  Submitting keyed(String key, String fingerprint) {
    keyed = new KeyedRequest(new IdempotencyKey(createdBy, "/ops/" + kind, key), fingerprint);
    return this;
  }

  Submission now() {
    return new Submission(
        kind,
        operation,
        new JsonText("\"request\""),
        input,
        priority,
        null,
        timeout,
        report,
        labels,
        userData,
        createdBy,
        reach,
        roots,
        claims,
        join,
        keyed);
  }
}
