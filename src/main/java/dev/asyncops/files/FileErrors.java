package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.OperationException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the file system throws into an error that names the place below its root, never the
 * host's path.
 */
final class FileErrors {

  /** What an {@link java.nio.file.Path} can be asked that may fail. */
  interface Call<R extends @Nullable Object> {

    /** Asks it. */
    R run() throws Exception;
  }

  /** What may fail and gives nothing. */
  interface Action {

    /** Does it. */
    void run() throws Exception;
  }

  private FileErrors() {}

  /** Runs the call; its failure becomes one at that place. */
  static <R extends @Nullable Object> R at(RootPath path, Call<R> call) throws OperationException {
    try {
      return call.run();
    } catch (Exception e) { // which exceptions, differs from method to method of java.nio
      throw of(path, e);
    }
  }

  /** Runs the action; its failure becomes one at that place. */
  static void at(RootPath path, Action action) throws OperationException {
    at(
        path,
        () -> {
          action.run();
          return null;
        });
  }

  /** The error for an exception at that place; an error that has its words already stays. */
  static OperationException of(RootPath path, Exception e) {
    if (e instanceof OperationException known) {
      return known;
    }
    ErrorCode code = ErrorCodes.of(e);
    String failure = ErrorCodes.toOperationException(e).detail();
    return new OperationException(code, detail(path, code, failure.replaceFirst("\\.$", "")), e);
  }

  /** An error that begins here. */
  static OperationException of(RootPath path, ErrorCode code, String words) {
    return new OperationException(code, "'%s' %s.".formatted(path, words));
  }

  /**
   * What went wrong at that place, in one sentence.
   *
   * @param failure the system's words, for errors that have none of ours; without a full stop
   */
  static String detail(RootPath path, ErrorCode code, String failure) {
    return "'%s' %s.".formatted(path, words(code, failure));
  }

  private static String words(ErrorCode code, String failure) {
    return switch (code) {
      case NOT_FOUND -> "does not exist";
      case EXISTS -> "exists already";
      case IS_DIRECTORY -> "is a directory";
      case NOT_DIRECTORY -> "is not a directory, or is below something that is none";
      case NOT_EMPTY -> "is not empty";
      case PERMISSION_DENIED -> "may not be used so: permission denied";
      case READ_ONLY -> "is on a read-only file system";
      default -> "failed: " + failure;
    };
  }
}
