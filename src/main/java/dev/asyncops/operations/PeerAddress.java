package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a connect operation connects to, as its address file says.
 *
 * @param address never a name, never with a zone
 * @param port 1 to 65535
 */
record PeerAddress(InetAddress address, int port) {

  /** How long an address file may be. */
  static final int MAX_FILE_BYTES = 4096;

  private static final int MAX_SHOWN_CHARS = 60;

  /**
   * {@code host}, {@code host:port}, {@code [v6]:port}; what stands for the host is judged later.
   */
  private static final Pattern WITH_PORT =
      Pattern.compile("(?:\\[(?<v6>[^\\[\\]]*)]|(?<v4>[^:\\[\\]]*))(?::(?<port>[1-9][0-9]{0,4}))?");

  /**
   * Reads an address file: UTF-8, maybe with a byte order mark, and exactly one line that is not
   * blank; white space around it does not count (S8). The line is {@code 1.2.3.4}, {@code
   * 1.2.3.4:80}, {@code ::1}, {@code [::1]} or {@code [::1]:80} (S9).
   *
   * @throws OperationException INVALID_ARGUMENT for anything else, with the offending text escaped
   *     and shortened
   */
  static PeerAddress parse(byte[] file, int defaultPort) throws OperationException {
    List<String> lines =
        decode(file).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty()) {
      throw malformed("The address file is empty.");
    }
    if (lines.size() > 1) {
      throw malformed(
          "The address file has more than one line: '%s' follows '%s'."
              .formatted(shown(lines.get(1)), shown(lines.getFirst())));
    }
    return parse(lines.getFirst(), defaultPort);
  }

  private static PeerAddress parse(String line, int defaultPort) throws OperationException {
    Matcher parts = WITH_PORT.matcher(line);
    if (!parts.matches()) {
      return new PeerAddress(address(line, line), defaultPort);
    }
    String v6 = parts.group("v6");
    String host = v6 == null ? parts.group("v4") : v6;
    if (v6 != null && v6.indexOf(':') < 0) {
      throw notAnAddress(line);
    }
    String port = parts.group("port");
    return new PeerAddress(
        address(host, line), port == null ? defaultPort : port(Integer.parseInt(port), line));
  }

  /** The peer as a socket address. */
  InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(address, port);
  }

  @Override
  public String toString() {
    return IpLiteral.format(toSocketAddress());
  }

  private static InetAddress address(String host, String line) throws OperationException {
    return IpLiteral.parse(host).orElseThrow(() -> notAnAddress(line));
  }

  private static int port(int port, String line) throws OperationException {
    if (port > 65535) {
      throw notAnAddress(line);
    }
    return port;
  }

  private static String decode(byte[] file) throws OperationException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new OperationException(
          ErrorCode.INVALID_ARGUMENT, "The address file is not UTF-8 text.", e);
    }
  }

  private static OperationException notAnAddress(String line) {
    return malformed("'%s' is not an IP address with an optional port.".formatted(shown(line)));
  }

  private static OperationException malformed(String detail) {
    return new OperationException(ErrorCode.INVALID_ARGUMENT, detail);
  }

  /** A text of somebody else's, fit for a log line: printable ASCII, and not too long. */
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && shown.length() < MAX_SHOWN_CHARS; i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c <= '~' && c != '\\' && c != '\'';
      shown.append(plain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return text.length() > MAX_SHOWN_CHARS ? shown + "..." : shown.toString();
  }
}
