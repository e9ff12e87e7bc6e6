package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorCodesTests {

  @TempDir Path directory;

  @ParameterizedTest
  @MethodSource
  void r8_exceptionOfTheJdk_hasItsCode(Exception error, ErrorCode code) {
    assertThat(ErrorCodes.of(error)).isEqualTo(code);
  }

  static Stream<Arguments> r8_exceptionOfTheJdk_hasItsCode() {
    return Stream.of(
        arguments(new NoSuchFileException("a"), ErrorCode.NOT_FOUND),
        arguments(new FileNotFoundException("a"), ErrorCode.NOT_FOUND),
        arguments(new FileAlreadyExistsException("a"), ErrorCode.EXISTS),
        arguments(new DirectoryNotEmptyException("a"), ErrorCode.NOT_EMPTY),
        arguments(new NotDirectoryException("a"), ErrorCode.NOT_DIRECTORY),
        arguments(new AccessDeniedException("a"), ErrorCode.PERMISSION_DENIED),
        arguments(new SecurityException(), ErrorCode.PERMISSION_DENIED),
        arguments(new ReadOnlyFileSystemException(), ErrorCode.READ_ONLY),
        arguments(new FileSystemLoopException("a"), ErrorCode.WOULD_RECURSE),
        arguments(new AtomicMoveNotSupportedException("a", "b", "c"), ErrorCode.NOT_SUPPORTED),
        arguments(new UnsupportedOperationException(), ErrorCode.NOT_SUPPORTED),
        arguments(new InvalidPathException("a\0", "NUL"), ErrorCode.INVALID_ARGUMENT),
        arguments(new MalformedInputException(1), ErrorCode.INVALID_DATA),
        arguments(new NoRouteToHostException(), ErrorCode.HOST_UNREACHABLE),
        arguments(new ConnectException(), ErrorCode.CONNECTION_REFUSED),
        arguments(new ConnectException("Connection timed out"), ErrorCode.TIMED_OUT),
        arguments(new SocketTimeoutException(), ErrorCode.TIMED_OUT),
        arguments(new TimeoutException(), ErrorCode.TIMED_OUT),
        arguments(new SocketException("Connection reset"), ErrorCode.CONNECTION_CLOSED),
        arguments(new SocketException("Network is unreachable"), ErrorCode.NETWORK_UNREACHABLE),
        arguments(new ClosedChannelException(), ErrorCode.CLOSED),
        arguments(new IOException("No space left on device"), ErrorCode.NO_SPACE),
        arguments(new IOException(), ErrorCode.FAILED),
        arguments(new IllegalStateException("File exists"), ErrorCode.FAILED),
        arguments(OperationException.cancelled(), ErrorCode.CANCELLED));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          No space left on device,             NO_SPACE
          Disk quota exceeded,                 NO_SPACE
          Read-only file system,               READ_ONLY
          Is a directory,                      IS_DIRECTORY
          Not a directory,                     NOT_DIRECTORY
          File name too long,                  FILENAME_TOO_LONG
          Too many open files,                 TOO_MANY_OPEN_FILES
          Too many levels of symbolic links,   NOT_REGULAR_FILE
          Device or resource busy,             BUSY
          Text file busy,                      BUSY
          Operation not permitted,             PERMISSION_DENIED
          Operation not supported,             NOT_SUPPORTED
          Function not implemented,            NOT_SUPPORTED
          Invalid argument,                    INVALID_ARGUMENT
          Stale file handle,                   NOT_MOUNTED
          Transport endpoint is not connected, NOT_MOUNTED
          Input/output error,                  FAILED
          """)
  void r8_reasonOfTheSystem_hasItsCode(String reason, ErrorCode code) {
    FileSystemException error = new FileSystemException("File exists", null, reason);

    assertThat(ErrorCodes.of(error)).isEqualTo(code);
  }

  @Test
  void r8_exceptionThatOnlyCarriesAnother_hasTheCodeOfThat() {
    IOException inside = new NoSuchFileException("a");

    assertThat(ErrorCodes.of(new UncheckedIOException(inside))).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(ErrorCodes.of(new ExecutionException(new CompletionException(inside))))
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(ErrorCodes.of(new ExecutionException("alone", null))).isEqualTo(ErrorCode.FAILED);
  }

  @Test
  void r8_realFileSystem_speaksAsExpected() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    Path tooLong = directory.resolve("x".repeat(300));

    assertThat(codeOf(() -> Files.createFile(file))).isEqualTo(ErrorCode.EXISTS);
    assertThat(codeOf(() -> Files.readString(directory.resolve("missing"))))
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(codeOf(() -> Files.readString(directory))).isEqualTo(ErrorCode.IS_DIRECTORY);
    assertThat(codeOf(() -> Files.readString(file.resolve("below"))))
        .isEqualTo(ErrorCode.NOT_DIRECTORY);
    assertThat(codeOf(() -> Files.createFile(tooLong))).isEqualTo(ErrorCode.FILENAME_TOO_LONG);
    assertThat(codeOf(() -> new FileInputStream(directory.toFile())))
        .isEqualTo(ErrorCode.IS_DIRECTORY);
  }

  @Test
  void r8_hostileFileName_doesNotDecideTheCode() {
    Path missing = directory.resolve("Permission denied (File exists)");

    assertThat(codeOf(() -> new FileInputStream(missing.toFile()))).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(codeOf(() -> Files.readString(missing))).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void r8_realNetwork_speaksAsExpected() throws IOException {
    int free;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = server.getLocalPort();
    }

    assertThat(codeOf(() -> new Socket(InetAddress.getLoopbackAddress(), free)))
        .isEqualTo(ErrorCode.CONNECTION_REFUSED);
  }

  private static ErrorCode codeOf(Callable<?> work) {
    return ErrorCodes.of(catchThrowable(work::call));
  }

  @Test
  void r8_detail_namesNoPathOfTheHost() {
    Exception[] errors = {
      new NoSuchFileException("/host/secret"),
      new AccessDeniedException("/host/secret", "/host/other", null),
      new FileSystemException("/host/secret", null, "Device or resource busy"),
      new FileNotFoundException("/host/secret (Permission denied)"),
      new UncheckedIOException(new NoSuchFileException("/host/secret")),
      new IllegalStateException("/host/secret"),
    };

    assertThat(errors)
        .extracting(error -> ErrorCodes.toOperationException(error).detail())
        .containsExactly(
            "Not found.",
            "Permission denied.",
            "Device or resource busy.",
            "Permission denied.",
            "Not found.",
            "IllegalStateException.");
  }

  @Test
  void r8_operationException_staysWhatItIs() {
    OperationException known = new OperationException(ErrorCode.NO_SPACE, "Full.");

    assertThat(ErrorCodes.toOperationException(known)).isSameAs(known);
    assertThat(ErrorCodes.toOperationException(new ExecutionException(known))).isSameAs(known);
  }

  @Test
  void r8_interruptsAndClosings_areKnownAsSuch() {
    assertThat(
            Stream.of(
                new InterruptedException(),
                new ClosedByInterruptException(),
                new AsynchronousCloseException(),
                new InterruptedIOException(),
                new SocketException("Socket closed"),
                new SocketException("Socket is closed"),
                new SocketException("Closed by interrupt"),
                new UncheckedIOException(new ClosedByInterruptException())))
        .allMatch(ErrorCodes::isInterruption);
    assertThat(
            Stream.of(
                new SocketTimeoutException(),
                new SocketException("Connection reset"),
                new IOException("Stream closed"),
                new NoSuchFileException("a")))
        .noneMatch(ErrorCodes::isInterruption);
  }

  @Test
  void a1_s7_operationException_carriesCodeDetailCauseAndStage() {
    IOException cause = new IOException();
    OperationException error = new OperationException(ErrorCode.FAILED, "Detail.", cause);

    OperationException staged = error.atStage("CONNECT");

    assertThat(staged.code()).isEqualTo(ErrorCode.FAILED);
    assertThat(staged.detail()).isEqualTo("Detail.");
    assertThat(staged.stage()).isEqualTo("CONNECT");
    assertThat(staged).hasRootCause(cause);
    assertThat(error.stage()).isNull();
    assertThat(error.getStackTrace()).isEmpty();
  }
}
