package dev.asyncops.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port of the loopback that leads to a service, which can be cut off and be another one later.
 */
final class Relay implements AutoCloseable {

  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int target;

  Relay(int target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  /** Cuts every connection; later ones lead to another port. */
  void leadTo(int other) throws IOException {
    target = other;
    for (Socket each : open) {
      each.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        relay(door.accept());
      }
    } catch (IOException _) {
      // It was closed.
    }
  }

  private void relay(Socket client) throws IOException {
    open.add(client);
    Socket service;
    try {
      service = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException _) {
      client.close(); // nobody is there now
      return;
    }
    open.add(service);
    Thread.ofVirtual().start(() -> pass(client, service));
    Thread.ofVirtual().start(() -> pass(service, client));
  }

  private void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // Either end is gone, or was cut off.
    } finally {
      open.remove(from);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    leadTo(0);
  }
}
