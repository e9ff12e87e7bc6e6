package dev.asyncops.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A peer that tells everybody the same, after a while. */
final class TorturePeer implements AutoCloseable {

  static final String MESSAGE = "hello";

  private final ServerSocket server;
  private final Duration pause;
  private final CountDownLatch closed = new CountDownLatch(1);

  TorturePeer(Duration pause) throws IOException {
    this.pause = pause;
    server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> greet(socket));
      }
    } catch (IOException e) {
      // it is closed
    }
  }

  private void greet(Socket socket) {
    try (socket) {
      if (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        socket.getOutputStream().write(MESSAGE.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // the service was killed, or has cancelled
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
  }
}
