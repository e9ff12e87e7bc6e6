package dev.asyncops.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Passes connections on to a server on this machine. While it is frozen, bytes go nowhere and
 * connections stay open: as if the cable was cut. What it has in hand then is lost for good.
 */
final class CuttableProxy implements AutoCloseable {

  private final ServerSocket listening;
  private final int server;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private volatile boolean frozen;

  CuttableProxy(int server) throws IOException {
    this.server = server;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void freeze() {
    frozen = true;
  }

  /** New connections work again; the old ones stay dead. */
  void thaw() {
    frozen = false;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        sockets.add(client);
        if (!frozen) {
          Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
          sockets.add(upstream);
          Thread.ofVirtual().start(() -> pass(client, upstream));
          Thread.ofVirtual().start(() -> pass(upstream, client));
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] bytes = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(bytes); read > 0 && !frozen; read = in.read(bytes)) {
        to.getOutputStream().write(bytes, 0, read);
      }
      if (!frozen) {
        to.close();
      }
    } catch (IOException e) {
      // closed
    }
  }
}
