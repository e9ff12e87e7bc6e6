package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects everything that is wrong with one request, so that a client hears of it at once.
 *
 * <p>The code of the refusal is INVALID_ARGUMENT if anything has that code, for what is malformed
 * comes before what is not allowed; else the code of the first violation. At most {@value #MAX} are
 * kept: a list of a hundred thousand bad paths gets a short answer. Used by one thread at a time.
 */
final class Violations {

  /** How many are kept. */
  static final int MAX = 100;

  private final List<FieldError> errors = new ArrayList<>();
  private @Nullable ErrorCode code;

  /** Notes that a member is malformed. */
  void invalid(String pointer, String detail) {
    add(ErrorCode.INVALID_ARGUMENT, pointer, detail);
  }

  /** Notes what is wrong with a member. */
  void add(ErrorCode code, String pointer, String detail) {
    if (this.code == null || code == ErrorCode.INVALID_ARGUMENT) {
      this.code = code;
    }
    if (!isFull()) {
      errors.add(new FieldError(pointer, Texts.shown(detail)));
    }
  }

  /** Whether nothing more is kept, so that looking on is of no use. */
  boolean isFull() {
    return errors.size() >= MAX;
  }

  /** Refuses the request if anything is wrong with it. */
  void throwIfAny() {
    if (code != null) {
      throw new ProblemException(code, detail()).withErrors(errors);
    }
  }

  private String detail() {
    return errors.size() == 1
        ? errors.getFirst().detail()
        : "%d members of the request are wrong.".formatted(errors.size());
  }
}
