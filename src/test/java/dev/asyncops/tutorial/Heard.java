package dev.asyncops.tutorial;

import dev.asyncops.async.OperationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What callbacks have brought so far, in order: a value, {@link #DONE}, or an error's code. */
final class Heard implements Ended {

  /** A success that has no value. */
  static final String DONE = "done";

  private final List<Object> answers = new ArrayList<>();

  /** Calls a finish, as a callback does, and keeps what it gives or throws. */
  void hear(Finish finish) {
    try {
      answers.add(finish.call());
    } catch (OperationException e) {
      answers.add(e.code());
    }
  }

  @Override
  public void ended(@Nullable OperationException error) {
    answers.add(error == null ? DONE : error.code());
  }

  List<Object> answers() {
    return Collections.unmodifiableList(answers);
  }

  /** The call of a finish. */
  @FunctionalInterface
  interface Finish {

    Object call() throws OperationException;
  }
}
