package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A server on a loopback port that says the same to everybody and sees when they hang up. */
final class GreetingServer implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
  private final Semaphore accepted = new Semaphore(0);
  private final Semaphore hungUp = new Semaphore(0);
  private final List<String> parts;

  /** Says its message in these parts and ends it; with no part it says nothing and ends nothing. */
  GreetingServer(String... parts) throws IOException {
    this.parts = List.of(parts);
    Thread.startVirtualThread(this::acceptAll);
  }

  /** The address as a line of text. */
  String addressLine() {
    return "127.0.0.1:" + listener.getLocalPort() + "\n";
  }

  void awaitAccepted() throws InterruptedException {
    assertThat(accepted.tryAcquire(10, TimeUnit.SECONDS)).as("a client has connected").isTrue();
  }

  void awaitHangUp() throws InterruptedException {
    assertThat(hungUp.tryAcquire(10, TimeUnit.SECONDS)).as("a client has hung up").isTrue();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = listener.accept();
        accepted.release();
        Thread.startVirtualThread(() -> greet(client));
      }
    } catch (IOException e) {
      // The listener was closed, which ends this thread.
    }
  }

  private void greet(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      for (String part : parts) {
        client.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
      }
      if (!parts.isEmpty()) {
        client.shutdownOutput();
      }
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      // A client that resets the connection has hung up too.
    } finally {
      hungUp.release();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
