package dev.asyncops.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that greets whoever connects, when the test lets it. */
final class Greeter implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> accepted = new CopyOnWriteArrayList<>();
  private final CountDownLatch connected = new CountDownLatch(1);
  private final CountDownLatch greet = new CountDownLatch(1);
  private final String greeting;

  Greeter(String greeting) throws IOException {
    this.greeting = greeting;
    Thread.ofVirtual().start(this::accept);
  }

  /** Writes the address file that leads here. */
  void writeAddress(Path file) throws IOException {
    Files.writeString(file, "127.0.0.1:%d\n".formatted(server.getLocalPort()));
  }

  /** Waits for the first connection. */
  void awaitConnection() throws InterruptedException {
    if (!connected.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody connected");
    }
  }

  /** Greets everybody, those who wait and those to come. */
  void greet() {
    greet.countDown();
  }

  int connections() {
    return accepted.size();
  }

  @Override
  public void close() throws IOException {
    greet.countDown();
    server.close();
    for (Socket socket : accepted) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        accepted.add(socket);
        connected.countDown();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      if (greet.await(60, TimeUnit.SECONDS)) {
        socket.getOutputStream().write(greeting.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | InterruptedException e) {
      // the peer hung up
    }
  }
}
