package dev.asyncops.config;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A peer on loopback that accepts connections and says nothing until it is told to. */
final class SilentServer implements Closeable {

  private final ServerSocket socket;

  SilentServer() throws IOException {
    socket = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  }

  /** The line of an address file. */
  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Takes the connection that waits longest, greets, and hangs up. */
  void greet() throws IOException {
    try (Socket peer = socket.accept()) {
      peer.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
