package dev.asyncops.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes events as a browser's {@code EventSource} reads them. */
final class ServerSentEvents {

  private ServerSentEvents() {}

  /** An event with its data as JSON, in one line. */
  static byte[] write(EventName name, @Nullable String id, Object data) {
    ByteArrayOutputStream event = new ByteArrayOutputStream(1024);
    if (id != null) {
      event.writeBytes(utf8("id: " + id + "\n"));
    }
    event.writeBytes(utf8("event: " + name.text() + "\ndata: "));
    event.writeBytes(inOneLine(Json.WRITER.writeValueAsBytes(data)));
    event.writeBytes(utf8("\n\n"));
    return event.toByteArray();
  }

  /** What a client wrote may have line ends, but only where JSON has white space. */
  private static byte[] inOneLine(byte[] json) {
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n' || json[i] == '\r') {
        json[i] = ' ';
      }
    }
    return json;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
