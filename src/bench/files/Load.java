import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What curl cannot do cheaply: keep-alive requests in a loop. Prints seconds, one line a sample.
 *
 * <pre>
 *   greet                               a server that says one line and closes; prints its address
 *   connect URL FOLDER IN_FLIGHT COUNT  connect operations, all of them
 *   cancel URL ROOT DIRECTORY COUNT     from DELETE to the terminal answer, of a running copy
 *   cancel-rclone URL DIRECTORY COUNT   from job/stop to the first job/status that says finished
 * </pre>
 */
public final class Load {

  private static final byte[] GREETING = "220 greetings\n".getBytes(StandardCharsets.US_ASCII);

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "greet" -> greet();
      case "connect" ->
          connect(args[1], args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]));
      case "cancel" -> cancel(args[1], args[2], Path.of(args[3]), Integer.parseInt(args[4]));
      case "cancel-rclone" -> cancelRclone(args[1], args[2], Integer.parseInt(args[3]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void greet() throws IOException {
    try (var server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
      System.out.println("127.0.0.1:" + server.getLocalPort());
      while (true) {
        try (var client = server.accept()) {
          client.getOutputStream().write(GREETING);
        } catch (IOException e) {
          System.err.println("greet: " + e.getMessage());
        }
      }
    }
  }

  /** Each worker has an address file of its own, as one file is connected once at a time. */
  private static void connect(String url, String folder, int inFlight, int count)
      throws InterruptedException, ExecutionException {
    var left = new AtomicInteger(count);
    var workers = new ArrayList<Callable<Void>>();
    for (int n = 1; n <= inFlight; n++) {
      String body = "{\"addressFile\":\"%s/%d.addr\",\"report\":\"NONE\"}".formatted(folder, n);
      workers.add(() -> connectWhileLeft(url, body, left));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long began = System.nanoTime();
      for (var done : threads.invokeAll(workers)) {
        done.get();
      }
      printSince(began);
    }
  }

  private static Void connectWhileLeft(String url, String body, AtomicInteger left)
      throws IOException {
    try (var http = new Http(url)) {
      while (left.getAndDecrement() > 0) {
        require(http.send("POST", "/ops/connect", "wait=30", body), "SUCCEEDED");
      }
    }
    return null;
  }

  private static void cancel(String url, String root, Path directory, int count) throws Exception {
    try (var http = new Http(url)) {
      for (int n = 0; n < count; n++) {
        String body =
            "{\"source\":\"%sbig\",\"destination\":\"%sbig.copy\"}".formatted(root, root);
        String id = find("id", http.send("POST", "/ops/copy", null, body));
        awaitRunning(http, id);
        Thread.sleep(20 + n % 10 * 5);
        long began = System.nanoTime();
        String ended = http.send("DELETE", "/ops/" + id, "wait=30", null);
        long over = System.nanoTime();
        require(ended, "CANCELLED");
        print(over - began);
        if (Files.exists(directory.resolve("big.copy"))) {
          throw new IllegalStateException("A cancelled copy left its destination.");
        }
      }
    }
  }

  private static void awaitRunning(Http http, String id) throws IOException {
    while (!find("bytesDone", http.send("GET", "/ops/" + id, null, null)).matches("[1-9].*")) {
      Thread.onSpinWait();
    }
  }

  private static void cancelRclone(String url, String directory, int count) throws Exception {
    String copy =
        """
        {"srcFs":"%s","srcRemote":"big","dstFs":"%s","dstRemote":"big.copy","_async":true}"""
            .formatted(directory, directory);
    try (var http = new Http(url)) {
      for (int n = 0; n < count; n++) {
        Files.deleteIfExists(Path.of(directory, "big.copy"));
        String job =
            "{\"jobid\":%s}".formatted(find("jobid", http.send("POST", "/operations/copyfile", null, copy)));
        Thread.sleep(50 + n % 10 * 5);
        long began = System.nanoTime();
        http.send("POST", "/job/stop", null, job);
        String status;
        do {
          status = http.send("POST", "/job/status", null, job);
        } while (!find("finished", status).equals("true"));
        long over = System.nanoTime();
        if (find("success", status).equals("true")) {
          throw new IllegalStateException("rclone's copy was over before it was stopped.");
        }
        print(over - began);
      }
    }
  }

  private static void require(String operation, String state) {
    if (!find("state", operation).equals(state)) {
      throw new IllegalStateException(operation);
    }
  }

  /** The first member of that name, or "" where there is none. */
  private static String find(String member, String json) {
    Matcher found = Pattern.compile("\"" + member + "\":\\s*\"?([^\",}\\s]*)").matcher(json);
    return found.find() ? found.group(1) : "";
  }

  private static void printSince(long began) {
    print(System.nanoTime() - began);
  }

  private static void print(long nanos) {
    System.out.printf(Locale.ROOT, "%.6f%n", nanos / 1e9);
  }

  /** One connection, one request at a time; knows Content-Length and nothing else. */
  private static final class Http implements AutoCloseable {
    private final String host;
    private final Socket socket;
    private final InputStream in;

    Http(String url) throws IOException {
      URI uri = URI.create(url);
      host = uri.getAuthority();
      socket = new Socket(uri.getHost(), uri.getPort());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    }

    /** The body of the answer; an answer that is not 2xx throws. */
    String send(String method, String path, String prefer, String body) throws IOException {
      byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
      String head =
          "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s\r\n"
              .formatted(
                  method,
                  path,
                  host,
                  prefer == null ? "" : "Prefer: " + prefer + "\r\n",
                  body == null
                      ? ""
                      : "Content-Type: application/json\r\nContent-Length: %d\r\n"
                          .formatted(content.length));
      byte[] start = head.getBytes(StandardCharsets.US_ASCII);
      byte[] request = java.util.Arrays.copyOf(start, start.length + content.length);
      System.arraycopy(content, 0, request, start.length, content.length);
      socket.getOutputStream().write(request);
      return read(method + " " + path);
    }

    private String read(String what) throws IOException {
      String status = line();
      int length = 0;
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
          length = Integer.parseInt(header.substring(15).strip());
        }
      }
      String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      if (!status.startsWith("HTTP/1.1 2")) {
        throw new IOException(what + ": " + status + " " + body);
      }
      return body;
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("The connection was closed.");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
