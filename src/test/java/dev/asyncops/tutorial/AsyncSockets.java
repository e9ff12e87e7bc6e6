package dev.asyncops.tutorial;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Registration;
import dev.asyncops.async.Task;
import dev.asyncops.async.TaskCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Socket calls for the examples, in pairs like those of {@link AsyncFiles}. A blocking socket knows
 * nothing of a cancellable, so a handler closes it (C21).
 */
final class AsyncSockets {

  /** How much of what a server says is read. */
  static final int MESSAGE_BYTES = 128;

  private final MainContext context;
  private final Executor workers;
  private final int timeoutMillis;

  AsyncSockets(Stage stage) {
    this(stage, Duration.ofSeconds(10));
  }

  AsyncSockets(Stage stage, Duration timeout) {
    context = stage.context;
    workers = stage.workers;
    timeoutMillis = (int) timeout.toMillis();
  }

  // ---- connect

  /** Connects; a connection that nobody takes over is closed (T13). */
  void connect(
      InetSocketAddress address, Cancellable cancellable, @Nullable TaskCallback<Socket> callback) {
    Task<Socket> task = Task.create(context, address, cancellable, callback);
    task.setTag("connect");
    task.setName("connect to " + address);
    task.setValueRelease(AsyncSockets::close);
    task.runInThread(workers, run -> run.returnValue(connectTo(address, run.cancellable())));
  }

  /** The connection, which is the caller's to close. */
  Socket finishConnect(InetSocketAddress address, Task<Socket> result) throws OperationException {
    result.checkResultOf(address, "connect");
    return result.propagate();
  }

  private Socket connectTo(InetSocketAddress address, Cancellable cancellable) throws IOException {
    Socket socket = new Socket();
    try (Registration _ = cancellable.connect(() -> close(socket))) {
      socket.connect(address, timeoutMillis);
      return socket;
    } catch (IOException e) {
      close(socket);
      throw e;
    }
  }

  // ---- readMessage

  /** Reads until the server has ended its message, or {@link #MESSAGE_BYTES} are there. */
  void readMessage(
      Socket connection, Cancellable cancellable, @Nullable TaskCallback<String> callback) {
    Task<String> task = Task.create(context, connection, cancellable, callback);
    task.setTag("readMessage");
    task.setName("read message");
    task.runInThread(workers, run -> run.returnValue(readFrom(connection, run.cancellable())));
  }

  /** What the server said: at least one byte. */
  String finishReadMessage(Socket connection, Task<String> result) throws OperationException {
    result.checkResultOf(connection, "readMessage");
    return result.propagate();
  }

  private String readFrom(Socket connection, Cancellable cancellable)
      throws IOException, OperationException {
    connection.setSoTimeout(timeoutMillis);
    try (Registration _ = cancellable.connect(() -> close(connection))) {
      byte[] message = connection.getInputStream().readNBytes(MESSAGE_BYTES); // not one read (S10)
      if (message.length == 0) {
        throw new OperationException(ErrorCode.CONNECTION_CLOSED, "The server said nothing.");
      }
      return new String(message, StandardCharsets.UTF_8);
    }
  }

  /** Closes a socket; there is no way in which that could matter any more if it fails. */
  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
