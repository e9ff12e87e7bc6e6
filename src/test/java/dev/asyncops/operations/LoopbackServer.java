package dev.asyncops.operations;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A real server on the loopback interface, which greets each client in the way of the test. */
final class LoopbackServer implements AutoCloseable {

  /** What the server does with a client. */
  interface Greeting {

    /** Sends what it likes; whoever returns from here closes nothing. */
    void greet(Socket client) throws IOException;
  }

  private final ServerSocket listener;
  private final Thread thread;
  private final Queue<Socket> clients = new ConcurrentLinkedQueue<>();

  private LoopbackServer(InetAddress address, Greeting greeting) throws IOException {
    listener = new ServerSocket(0, 50, address);
    thread = Thread.ofVirtual().name("loopback-server").start(() -> serve(greeting));
  }

  /** A server on 127.0.0.1. */
  static LoopbackServer start(Greeting greeting) throws IOException {
    return new LoopbackServer(InetAddress.ofLiteral("127.0.0.1"), greeting);
  }

  /** A server on an address of this machine. */
  static LoopbackServer start(String address, Greeting greeting) throws IOException {
    return new LoopbackServer(InetAddress.ofLiteral(address), greeting);
  }

  /** Sends bytes and closes. */
  static Greeting sends(byte[] message) {
    return client -> {
      client.getOutputStream().write(message);
      client.close();
    };
  }

  /** Sends nothing and stays. */
  static Greeting isSilent() {
    return _ -> {};
  }

  int port() {
    return listener.getLocalPort();
  }

  private void serve(Greeting greeting) {
    try {
      while (true) {
        Socket client = listener.accept();
        clients.add(client);
        greet(greeting, client);
      }
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  private static void greet(Greeting greeting, Socket client) {
    try {
      greeting.greet(client);
    } catch (IOException e) {
      // the client went away, as some are meant to
    }
  }

  /** Closes everything, also a client that is just being accepted. */
  @Override
  public void close() throws IOException {
    listener.close();
    closeClients();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeClients();
  }

  private void closeClients() throws IOException {
    for (Socket client = clients.poll(); client != null; client = clients.poll()) {
      client.close();
    }
  }
}
