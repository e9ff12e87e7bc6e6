package dev.asyncops.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A connection that sends whatever bytes it is given, and takes the answers apart strictly: an
 * answer that is not framed as HTTP/1.1 says is an {@link IOException}.
 */
final class RawConnection implements Closeable {

  private static final int PATIENCE_MILLIS = 30_000;

  /** An answer; names of headers in any case. */
  record Reply(int status, Map<String, String> headers, String body) {

    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    /** Whether the service wants no more requests on this connection. */
    boolean isLast() {
      return header("Connection").equalsIgnoreCase("close");
    }
  }

  private final Socket socket;
  private final InputStream in;

  RawConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void send(String bytes) throws IOException {
    send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Says that nothing more comes. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** The next answer; an EOFException if the service has hung up instead. */
  Reply receive(boolean toHead) throws IOException {
    String first = line();
    if (!first.matches("HTTP/1\\.1 [1-5][0-9]{2} .*")) {
      throw new IOException("not a status line: " + first);
    }
    int status = Integer.parseInt(first.substring(9, 12));
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    boolean isEmpty = toHead || status == 204 || status == 304;
    byte[] body = isEmpty ? new byte[0] : body(headers);
    return new Reply(status, headers, new String(body, StandardCharsets.UTF_8));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("Transfer-Encoding", "").equals("chunked")) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int size = size(); size > 0; size = size()) {
        all.write(exactly(size));
        line();
      }
      line();
      return all.toByteArray();
    }
    String length = headers.get("Content-Length");
    return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
  }

  private int size() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("an answer that breaks off");
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("no answer");
      }
      line.append((char) next);
    }
    return line.substring(0, Math.max(0, line.length() - 1));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
