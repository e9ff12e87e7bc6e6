package dev.asyncops.http;

import static java.util.Objects.requireNonNullElse;

import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.ConnectRequest;
import dev.asyncops.registry.Claim;
import dev.asyncops.registry.NothingLeft;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.RootSet;
import dev.asyncops.registry.Submission;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges the body of a connect operation and makes a submission of it. Touches no file. */
final class ConnectStart {

  static final BigDecimal DEFAULT_TIMEOUT = BigDecimal.valueOf(5);
  static final int DEFAULT_BYTES = 128;
  static final int MAX_BYTES = 65536;

  private final Roots roots;
  private final PathRules paths;
  private final OperationFactory operations;

  ConnectStart(Roots roots, OperationFactory operations) {
    this.roots = roots;
    this.paths = new PathRules(roots);
    this.operations = operations;
  }

  /** The same for who reaches these roots: others do not exist. */
  ConnectStart within(Reach reach) {
    Roots reached = roots.only(reach::has);
    return reached.equals(roots) ? this : new ConnectStart(reached, operations);
  }

  /** The submission; ProblemException with everything that is wrong. */
  Submission submission(ConnectBody body) {
    return submission(body, null);
  }

  /**
   * The submission of a retry.
   *
   * @param only which items; none, or null for all
   */
  Submission submission(ConnectBody body, @Nullable RetriedItems only) {
    Violations violations = new Violations();
    RootPath addressFile = paths.readable(body.addressFile(), "/addressFile", violations);
    BigDecimal connectTimeout = requireNonNullElse(body.connectTimeoutSeconds(), DEFAULT_TIMEOUT);
    BigDecimal readTimeout = requireNonNullElse(body.readTimeoutSeconds(), DEFAULT_TIMEOUT);
    int maxBytes = requireNonNullElse(body.maxBytes(), DEFAULT_BYTES);
    Timeouts.check(connectTimeout, "/connectTimeoutSeconds", violations);
    Timeouts.check(readTimeout, "/readTimeoutSeconds", violations);
    if (maxBytes < 1 || maxBytes > MAX_BYTES) {
      violations.invalid("/maxBytes", "From 1 to %d bytes can be read.".formatted(MAX_BYTES));
    }
    CommonOptions options = CommonOptions.of(body, violations);
    violations.throwIfAny();
    if (addressFile == null) {
      throw new AssertionError("a missing path is a violation");
    }
    ConnectRequest request =
        new ConnectRequest(
            addressFile,
            Timeouts.duration(connectTimeout),
            Timeouts.duration(readTimeout),
            maxBytes);
    ConnectEcho echo =
        new ConnectEcho(
            addressFile.toString(),
            connectTimeout,
            readTimeout,
            maxBytes,
            options.priority(),
            options.bytesPerSecond(),
            options.timeoutSeconds(),
            options.report());
    RootSet below = RootSet.of(List.of(addressFile.root()));
    if (only != null) {
      return options.submission(
          OperationKinds.CONNECT,
          new NothingLeft(),
          echo,
          below,
          OperationInput.of(Json.text(only)),
          List.of(),
          null);
    }
    return options.submission(
        OperationKinds.CONNECT,
        operations.connect(request, options.forOperation()),
        echo,
        below,
        List.of(new Claim("connect", CopyStart.claimedPath(addressFile), false)));
  }
}
