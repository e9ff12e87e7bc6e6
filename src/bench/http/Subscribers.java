import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many clients of one stream of events. Prints {@code ready} when all of them have their first
 * event, and when all streams have ended how many told the end, and how many events came in all.
 *
 * <pre>
 *   java Subscribers.java URL PATH COUNT
 * </pre>
 */
public final class Subscribers {

  private record Heard(boolean end, long events) {}

  public static void main(String[] args) throws Exception {
    URI service = URI.create(args[0]);
    int count = Integer.parseInt(args[2]);
    CountDownLatch first = new CountDownLatch(count);
    List<Future<Heard>> clients = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        clients.add(executor.submit(() -> listen(service, args[1], first)));
      }
      first.await();
      System.out.println("ready");
      long ends = 0;
      long events = 0;
      for (Future<Heard> client : clients) {
        Heard heard = client.get();
        ends += heard.end ? 1 : 0;
        events += heard.events;
      }
      System.out.printf("%d %d%n", ends, events);
    }
  }

  private static Heard listen(URI service, String path, CountDownLatch first) throws IOException {
    try (Socket socket = new Socket(service.getHost(), service.getPort())) {
      String request = "GET %s HTTP/1.0\r\nAccept: text/event-stream\r\n\r\n".formatted(path);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      boolean end = false;
      long events = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("event: ")) {
          end = line.equals("event: end");
          if (events++ == 0) {
            first.countDown();
          }
        }
      }
      return new Heard(end, events);
    }
  }
}
