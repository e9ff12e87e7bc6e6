package dev.asyncops.async;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which an asynchronous operation fails: a code, a detail for people, and maybe a
 * cause (A1).
 *
 * <p>The detail is shown to clients, so it names paths below a root and never a host path. With a
 * cause the stack trace is the cause's; the exception itself then records none, which keeps a batch
 * of a hundred thousand failing items cheap.
 */
public class OperationException extends Exception {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final @Nullable String stage;

  /** An error that begins here. */
  public OperationException(ErrorCode code, String detail) {
    this(code, detail, null);
  }

  /** An error that another exception brought about. */
  public OperationException(ErrorCode code, String detail, @Nullable Throwable cause) {
    this(code, detail, cause, null);
  }

  private OperationException(
      ErrorCode code, String detail, @Nullable Throwable cause, @Nullable String stage) {
    super(Objects.requireNonNull(detail, "detail"), cause, true, cause == null);
    this.code = Objects.requireNonNull(code, "code");
    this.stage = stage;
  }

  /** The same error, with the step of a series in which it happened (S7). */
  public OperationException atStage(String stage) {
    return new OperationException(code, detail(), this, Objects.requireNonNull(stage, "stage"));
  }

  /** The step of a series in which it happened; null where there are no steps. */
  public @Nullable String stage() {
    return stage;
  }

  /** What kind of error this is. */
  public ErrorCode code() {
    return code;
  }

  /** The detail for people, in one sentence. */
  public String detail() {
    return Objects.requireNonNull(getMessage());
  }

  /** True iff this says that the work was cancelled. */
  public boolean isCancelled() {
    return code == ErrorCode.CANCELLED;
  }

  /** A new CANCELLED error. */
  public static OperationException cancelled() {
    return new OperationException(ErrorCode.CANCELLED, "The operation was cancelled.");
  }
}
