package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.registry.OperationId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that is refused, or a failed operation's error as an answer of its own. */
final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient @Nullable OperationId operation;
  private final transient boolean located;
  private final transient List<FieldError> errors;

  ProblemException(ErrorCode code, String detail) {
    this(code, detail, null, false, List.of());
  }

  private ProblemException(
      ErrorCode code,
      String detail,
      @Nullable OperationId operation,
      boolean located,
      List<FieldError> errors) {
    super(detail, null, false, false);
    this.code = code;
    this.operation = operation;
    this.located = located;
    this.errors = errors;
  }

  /** The answer for an id that no operation has. */
  static ProblemException unknownOperation(String id) {
    return new ProblemException(
        ErrorCode.NOT_FOUND, "There is no operation '%s'.".formatted(Texts.shown(id)));
  }

  /** The same, about this operation. */
  ProblemException about(OperationId id) {
    return new ProblemException(code, detail(), id, located, errors);
  }

  /** The same, in favour of this operation, to which the answer leads (K1, S3). */
  ProblemException inFavourOf(OperationId id) {
    return new ProblemException(code, detail(), id, true, errors);
  }

  /** The same, with the members that are wrong. */
  ProblemException withErrors(List<FieldError> wrong) {
    return new ProblemException(code, detail(), operation, located, List.copyOf(wrong));
  }

  ErrorCode code() {
    return code;
  }

  String detail() {
    String detail = getMessage();
    return detail == null ? "" : detail;
  }

  @Nullable OperationId operation() {
    return operation;
  }

  boolean isLocated() {
    return located;
  }

  List<FieldError> errors() {
    return errors;
  }
}
