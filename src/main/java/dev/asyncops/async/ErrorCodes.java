package dev.asyncops.async;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where an exception of the JDK becomes an {@link ErrorCode} (R8).
 *
 * <p>Where the JDK has no exception of its own for a condition, only the system's message tells it;
 * those messages are the C library's in the C and English locales.
 */
public final class ErrorCodes {

  private record Message(String part, ErrorCode code) {}

  private static final List<Message> MESSAGES =
      List.of(
          new Message("No space left on device", ErrorCode.NO_SPACE),
          new Message("Disk quota exceeded", ErrorCode.NO_SPACE),
          new Message("File too large", ErrorCode.NO_SPACE),
          new Message("Read-only file system", ErrorCode.READ_ONLY),
          new Message("Is a directory", ErrorCode.IS_DIRECTORY),
          new Message("Not a directory", ErrorCode.NOT_DIRECTORY),
          new Message("Directory not empty", ErrorCode.NOT_EMPTY),
          new Message("File exists", ErrorCode.EXISTS),
          new Message("No such file or directory", ErrorCode.NOT_FOUND),
          new Message("File name too long", ErrorCode.FILENAME_TOO_LONG),
          new Message("Too many open files", ErrorCode.TOO_MANY_OPEN_FILES),
          new Message("Too many levels of symbolic links", ErrorCode.NOT_REGULAR_FILE),
          new Message("resource busy", ErrorCode.BUSY),
          new Message("Text file busy", ErrorCode.BUSY),
          new Message("Permission denied", ErrorCode.PERMISSION_DENIED),
          new Message("Operation not permitted", ErrorCode.PERMISSION_DENIED),
          new Message("not supported", ErrorCode.NOT_SUPPORTED),
          new Message("not implemented", ErrorCode.NOT_SUPPORTED),
          new Message("Invalid argument", ErrorCode.INVALID_ARGUMENT),
          new Message("Stale file handle", ErrorCode.NOT_MOUNTED),
          new Message("Transport endpoint is not connected", ErrorCode.NOT_MOUNTED),
          new Message("No such device", ErrorCode.NOT_MOUNTED),
          new Message("No route to host", ErrorCode.HOST_UNREACHABLE),
          new Message("Host is down", ErrorCode.HOST_UNREACHABLE),
          new Message("Network is unreachable", ErrorCode.NETWORK_UNREACHABLE),
          new Message("Connection refused", ErrorCode.CONNECTION_REFUSED),
          new Message("Connection timed out", ErrorCode.TIMED_OUT),
          new Message("Connection reset", ErrorCode.CONNECTION_CLOSED),
          new Message("Broken pipe", ErrorCode.CONNECTION_CLOSED));

  /** What the JDK's sockets say when they were closed under a reader, or just before it read. */
  private static final Set<String> CLOSINGS =
      Set.of("Socket closed", "Socket is closed", "Closed by interrupt");

  private ErrorCodes() {}

  /**
   * The code of an exception, or of the one that it only wraps; FAILED if that says nothing more.
   */
  public static ErrorCode of(Throwable error) {
    return switch (unwrap(error)) {
      case OperationException e -> e.code();
      case NoSuchFileException _ -> ErrorCode.NOT_FOUND;
      case FileNotFoundException e -> byMessage(reasonOf(e), ErrorCode.NOT_FOUND);
      case FileAlreadyExistsException _ -> ErrorCode.EXISTS;
      case DirectoryNotEmptyException _ -> ErrorCode.NOT_EMPTY;
      case NotDirectoryException _ -> ErrorCode.NOT_DIRECTORY;
      case AccessDeniedException _, SecurityException _ -> ErrorCode.PERMISSION_DENIED;
      case ReadOnlyFileSystemException _ -> ErrorCode.READ_ONLY;
      case FileSystemLoopException _ -> ErrorCode.WOULD_RECURSE;
      case AtomicMoveNotSupportedException _, UnsupportedOperationException _ ->
          ErrorCode.NOT_SUPPORTED;
      case InvalidPathException _ -> ErrorCode.INVALID_ARGUMENT;
      case CharacterCodingException _ -> ErrorCode.INVALID_DATA;
      case NoRouteToHostException e -> byMessage(e.getMessage(), ErrorCode.HOST_UNREACHABLE);
      case ConnectException e -> byMessage(e.getMessage(), ErrorCode.CONNECTION_REFUSED);
      case SocketTimeoutException _, TimeoutException _ -> ErrorCode.TIMED_OUT;
      case SocketException e -> byMessage(e.getMessage(), ErrorCode.CONNECTION_CLOSED);
      case ClosedChannelException _ -> ErrorCode.CLOSED;
      case FileSystemException e -> byMessage(e.getReason(), ErrorCode.FAILED);
      case IOException e -> byMessage(e.getMessage(), ErrorCode.FAILED);
      default -> ErrorCode.FAILED;
    };
  }

  /**
   * The exception as an {@link OperationException}: itself if it is one, else with its code and a
   * detail that names no path of the host.
   */
  public static OperationException toOperationException(Throwable error) {
    Throwable unwrapped = unwrap(error);
    if (unwrapped instanceof OperationException known) {
      return known;
    }
    ErrorCode code = of(unwrapped);
    return new OperationException(code, detailOf(unwrapped, code), error);
  }

  /** Whether an interrupt, or closing from another thread, brings this exception about (R8). */
  public static boolean isInterruption(Throwable error) {
    return switch (unwrap(error)) {
      case InterruptedException _, ClosedChannelException _, FileLockInterruptionException _ ->
          true;
      case SocketTimeoutException _ -> false;
      case InterruptedIOException _ -> true;
      case SocketException e -> CLOSINGS.contains(String.valueOf(e.getMessage()));
      default -> false;
    };
  }

  /** What is inside an exception that only carries another one out of a stream or a future. */
  private static Throwable unwrap(Throwable error) {
    Throwable unwrapped = error;
    while (isWrapper(unwrapped) && unwrapped.getCause() != null) {
      unwrapped = unwrapped.getCause();
    }
    return unwrapped;
  }

  private static boolean isWrapper(Throwable error) {
    return error instanceof UncheckedIOException
        || error instanceof DirectoryIteratorException
        || error instanceof ExecutionException
        || error instanceof CompletionException;
  }

  private static String detailOf(Throwable error, ErrorCode code) {
    if (error instanceof FileSystemException e && e.getReason() != null) {
      return e.getReason() + ".";
    }
    return code == ErrorCode.FAILED ? error.getClass().getSimpleName() + "." : inWords(code) + ".";
  }

  private static String inWords(ErrorCode code) {
    String name = code.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The reason that stands in brackets behind the path; the path may contain anything. */
  private static @Nullable String reasonOf(FileNotFoundException error) {
    String message = error.getMessage();
    int bracket = message == null ? -1 : message.lastIndexOf(" (");
    return message == null || bracket < 0 ? null : message.substring(bracket);
  }

  private static ErrorCode byMessage(@Nullable String message, ErrorCode otherwise) {
    if (message == null) {
      return otherwise;
    }
    for (Message known : MESSAGES) {
      if (message.contains(known.part)) {
        return known.code;
      }
    }
    return otherwise;
  }
}
