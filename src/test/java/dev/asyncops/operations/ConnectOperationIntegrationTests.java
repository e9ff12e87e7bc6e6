package dev.asyncops.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.LinkedCancellable;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Ticker;
import dev.asyncops.files.IoPools;
import dev.asyncops.files.NioFileAccess;
import dev.asyncops.files.Root;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConnectOperationIntegrationTests {

  private static final RootPath ADDRESS_FILE = new RootPath("data", List.of("peer.addr"));
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final NetworkAllowList LOOPBACK = NetworkAllowList.defaults();

  @TempDir Path data;

  private final MainContext context = new MainContext("test");
  private final AtomicLong nanos = new AtomicLong();
  private final Ticker ticker = nanos::get;
  private HookedFiles.Hook hook = (_, _) -> {};
  private IoPools pools;
  private OperationServices services;

  @BeforeEach
  void openRoot() {
    List<Root> roots = List.of(new Root("data", data, false));
    pools = new IoPools(roots, 2);
    services =
        new OperationServices(
            context,
            HookedFiles.of(
                new NioFileAccess(new Roots(roots)), (call, path) -> hook.before(call, path)),
            pools);
  }

  @AfterEach
  void close() {
    pools.close();
    context.close();
  }

  // ---- The way through

  @Test
  void s1_messageComesBack_stepByStep() throws IOException {
    byte[] message = "hello, \u00fc\n".getBytes(UTF_8);
    try (LoopbackServer server = LoopbackServer.start(LoopbackServer.sends(message))) {
      address("127.0.0.1:" + server.port() + "\n");

      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

      ConnectResult result = driver.value();
      assertThat(result.remoteAddress()).isEqualTo("127.0.0.1:" + server.port());
      assertThat(result.localAddress()).startsWith("127.0.0.1:");
      assertThat(result.bytes()).isEqualTo(message.length);
      assertThat(result.text()).isEqualTo("hello, \u00fc\n");
      assertThat(Base64.getDecoder().decode(result.base64())).isEqualTo(message);
      assertThat(result.truncated()).isFalse();
      assertThat(driver.phases()).containsExactly("ADDRESS", "CONNECT", "MESSAGE");
      assertThat(driver.ended(ItemState.SUCCEEDED)).isEqualTo(3);
      assertThat(driver.total()).isEqualTo(3);
    }
  }

  @Test
  void ipv6_isConnectedAndWrittenInBrackets() throws IOException {
    assumeTrue(hasIpv6Loopback());
    try (LoopbackServer server =
        LoopbackServer.start("::1", LoopbackServer.sends("six".getBytes(UTF_8)))) {
      address("[::1]:" + server.port());

      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

      assertThat(driver.value().remoteAddress()).isEqualTo("[::1]:" + server.port());
      assertThat(driver.value().localAddress()).startsWith("[::1]:");
      assertThat(driver.value().text()).isEqualTo("six");
    }
  }

  @Test
  void s9_defaultPort_isUsedWhereTheFileNamesNone() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(LoopbackServer.sends("x".getBytes(UTF_8)))) {
      address("127.0.0.1");

      OperationDriver<ConnectResult> driver =
          driver(request(LONG, LONG, 128), new ConnectSettings(LOOPBACK, server.port())).run();

      assertThat(driver.value().remoteAddress()).isEqualTo("127.0.0.1:" + server.port());
    }
  }

  @Test
  void millis_areThoseOfTheClock() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(LoopbackServer.sends("x".getBytes(UTF_8)))) {
      address("127.0.0.1:" + server.port());
      hook = (_, _) -> nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(7));

      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

      assertThat(driver.value().millis()).isEqualTo(new ConnectResult.StepMillis(7, 0, 0));
    }
  }

  // ---- Reading

  @Test
  void s10_messageInPieces_isReadToItsEnd() throws IOException {
    LoopbackServer.Greeting byteWise =
        client -> {
          client.setTcpNoDelay(true);
          OutputStream out = client.getOutputStream();
          for (int i = 0; i < 100; i++) {
            out.write('a');
            out.flush();
          }
          client.close();
        };
    try (LoopbackServer server = LoopbackServer.start(byteWise)) {
      address("127.0.0.1:" + server.port());

      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

      assertThat(driver.value().text()).isEqualTo("a".repeat(100));
      assertThat(driver.value().truncated()).isFalse();
    }
  }

  @Test
  void s10_atTheLimit_theRestIsNotRead() throws IOException {
    byte[] message = "b".repeat(1000).getBytes(UTF_8);
    LoopbackServer.Greeting staysOpen = client -> client.getOutputStream().write(message);
    try (LoopbackServer server = LoopbackServer.start(staysOpen)) {
      address("127.0.0.1:" + server.port());

      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

      assertThat(driver.value().text()).isEqualTo("b".repeat(128));
      assertThat(driver.value().truncated()).isTrue();
    }
  }

  @Test
  void s10_endOfStreamWithoutAByte_isConnectionClosed() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(Socket::close)) {
      address("127.0.0.1:" + server.port());

      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

      assertFailed(driver, "MESSAGE", ErrorCode.CONNECTION_CLOSED, 2);
    }
  }

  @Test
  void s10_reset_isConnectionClosed() throws IOException {
    LoopbackServer.Greeting reset =
        client -> {
          client.setSoLinger(true, 0);
          client.close();
        };
    try (LoopbackServer server = LoopbackServer.start(reset)) {
      address("127.0.0.1:" + server.port());

      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

      assertThat(driver.error().code()).isEqualTo(ErrorCode.CONNECTION_CLOSED);
    }
  }

  @Test
  void s10_whatCameInTime_isTheMessage() throws IOException {
    LoopbackServer.Greeting halfAndSilent = client -> client.getOutputStream().write('c');
    try (LoopbackServer server = LoopbackServer.start(halfAndSilent)) {
      address("127.0.0.1:" + server.port());

      OperationDriver<ConnectResult> driver = driver(LONG, SHORT, 128).run();

      assertThat(driver.value().text()).isEqualTo("c");
    }
  }

  @Test
  void s10_readTimeout_isForTheWholeMessage() throws IOException {
    LoopbackServer.Greeting neverEnds =
        client -> {
          while (true) { // until the client is gone
            client.getOutputStream().write('d');
            spinOneMilli();
          }
        };
    try (LoopbackServer server = LoopbackServer.start(neverEnds)) {
      address("127.0.0.1:" + server.port());

      OperationDriver<ConnectResult> driver = driver(LONG, SHORT, ConnectRequest.MAX_BYTES).run();

      assertThat(driver.value().bytes()).isBetween(1, ConnectRequest.MAX_BYTES - 1);
      assertThat(driver.value().truncated()).isFalse();
    }
  }

  @Test
  void s11_silentPeer_timesOut() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(LoopbackServer.isSilent())) {
      address("127.0.0.1:" + server.port());

      OperationDriver<ConnectResult> driver = driver(LONG, SHORT, 128).run();

      assertFailed(driver, "MESSAGE", ErrorCode.TIMED_OUT, 2);
    }
  }

  // ---- Connecting

  @Test
  void s7_s11_nobodyListens_isRefusedInConnect() throws IOException {
    address("127.0.0.1:" + freePort());

    OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

    assertFailed(driver, "CONNECT", ErrorCode.CONNECTION_REFUSED, 1);
  }

  @Test
  void s11_peerThatDoesNotAnswer_timesOut() throws IOException {
    try (FullServer server = new FullServer()) {
      assumeTrue(server.isFull());
      address("127.0.0.1:" + server.port());

      OperationDriver<ConnectResult> driver = driver(SHORT, LONG, 128).run();

      assertFailed(driver, "CONNECT", ErrorCode.TIMED_OUT, 1);
    }
  }

  @Test
  void s14_addressThatIsNotAllowed_isRefusedBeforeConnecting() throws IOException {
    AtomicLong accepted = new AtomicLong();
    try (LoopbackServer server = LoopbackServer.start(_ -> accepted.incrementAndGet())) {
      address("[::ffff:127.0.0.1]:" + server.port());
      NetworkAllowList privateOnly = NetworkAllowList.of(List.of("10.0.0.0/8", "::/0"));

      OperationDriver<ConnectResult> driver =
          driver(request(LONG, LONG, 128), new ConnectSettings(privateOnly, 123)).run();

      assertFailed(driver, "CONNECT", ErrorCode.PERMISSION_DENIED, 1);
      assertThat(accepted).hasValue(0);
    }
  }

  // ---- The address file

  @Test
  void s7_missingFile_failsInAddress() {
    OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

    assertFailed(driver, "ADDRESS", ErrorCode.NOT_FOUND, 0);
  }

  @Test
  void s8_malformedFile_failsInAddress() throws IOException {
    address("example.com:80");

    OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

    assertFailed(driver, "ADDRESS", ErrorCode.INVALID_ARGUMENT, 0);
    assertThat(driver.error().detail()).contains("'example.com:80'");
  }

  @Test
  void s8_fileOver4KiB_failsInAddress() throws IOException {
    address("127.0.0.1" + " ".repeat(4096));

    OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

    assertFailed(driver, "ADDRESS", ErrorCode.INVALID_ARGUMENT, 0);
  }

  @Test
  void unexpectedException_isTheSeriesError() {
    hook =
        (_, _) -> {
          throw new IllegalStateException("broken");
        };

    OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128).run();

    assertFailed(driver, "ADDRESS", ErrorCode.FAILED, 0);
  }

  // ---- Cancelling

  @Test
  void s2_cancelBeforeTheStart_beginsNothing() {
    OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128);
    driver.cancellable().cancel();

    driver.run();

    assertCancelled(driver, 0);
    assertThat(driver.phases()).isEmpty();
  }

  @Test
  void s2_cancelWhileTheFileIsRead_endsTheSeriesThere() throws IOException {
    address("127.0.0.1:1");
    Gate gate = new Gate();
    hook = (_, _) -> gate.passIf(true);
    OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128);
    driver.start();
    gate.awaitReached();

    driver.cancellable().cancel();
    gate.open();
    driver.finish();

    assertThat(driver.error().isCancelled()).isTrue();
    assertThat(driver.phases()).containsExactly("ADDRESS");
  }

  @Test
  void s2_cancelBetweenTwoSteps_startsNoLaterOne() throws IOException {
    address("127.0.0.1:1");
    OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128);
    driver.start();
    driver.awaitPosted(1);

    driver.cancellable().cancel();
    driver.finish();

    assertCancelled(driver, 1);
    assertThat(driver.phases()).containsExactly("ADDRESS");
  }

  @Test
  void s2_cancelWhileConnecting_endsTheSeriesAtOnce() throws IOException {
    try (FullServer server = new FullServer()) {
      assumeTrue(server.isFull());
      address("127.0.0.1:" + server.port());
      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128);
      driver.start();
      driver.iterateUntil(() -> driver.phases().contains("CONNECT"));

      driver.cancellable().cancel();
      driver.finish();

      assertCancelled(driver, 1);
    }
  }

  @Test
  void s2_s13_cancelWhileReading_closesTheConnection_andOnlyTheChild() throws IOException {
    Gate seesTheEnd = new Gate();
    LoopbackServer.Greeting waitsForTheEnd =
        client -> {
          assertThat(client.getInputStream().read()).isEqualTo(-1);
          seesTheEnd.passIf(true);
        };
    Cancellable parent = new Cancellable();
    try (LoopbackServer server = LoopbackServer.start(waitsForTheEnd);
        LinkedCancellable child = parent.linked()) {
      address("127.0.0.1:" + server.port());
      OperationDriver<ConnectResult> driver =
          new OperationDriver<>(context, operation(request(LONG, LONG, 128), settings()), child);
      driver.start();
      driver.iterateUntil(() -> driver.phases().contains("MESSAGE"));

      child.cancel();
      driver.finish();

      assertCancelled(driver, 2);
      assertThat(parent.isCancelled()).isFalse();
      seesTheEnd.awaitReached();
      seesTheEnd.open();
    }
  }

  @Test
  void s2_cancelBeforeTheMessageIsHandedOver_wins() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(LoopbackServer.sends("x".getBytes(UTF_8)))) {
      address("127.0.0.1:" + server.port());
      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128);
      driver.start();
      driver.iterateUntil(() -> driver.phases().contains("MESSAGE"));
      driver.awaitPosted(1);

      driver.cancellable().cancel();
      driver.finish();

      assertCancelled(driver, 2);
    }
  }

  @Test
  void s12_cancelAfterTheMessageWasHandedOver_loses() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(LoopbackServer.sends("x".getBytes(UTF_8)))) {
      address("127.0.0.1:" + server.port());
      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128);
      driver.start();
      driver.iterateUntil(() -> driver.pending() == 0);
      int deliveries = driver.deliveries();

      driver.cancellable().cancel();
      driver.finish();

      assertThat(deliveries).isZero();
      assertThat(driver.value().text()).isEqualTo("x");
    }
  }

  @Test
  void s4_twoSeriesOverOneFile_doNotMix() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(LoopbackServer.sends("x".getBytes(UTF_8)))) {
      address("127.0.0.1:" + server.port());
      OperationDriver<ConnectResult> first = driver(LONG, LONG, 128);
      OperationDriver<ConnectResult> second = driver(LONG, LONG, 1);
      first.start();
      second.start();

      first.iterateUntil(() -> first.deliveries() + second.deliveries() == 2);

      assertThat(first.value().truncated()).isFalse();
      assertThat(second.value().truncated()).isTrue();
      assertThat(first.value().localAddress()).isNotEqualTo(second.value().localAddress());
    }
  }

  // ---- Leaks

  @Test
  void s6_noSocketIsLeftOpen_whateverTheEnd() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
    runToEachEnd(); // the JDK keeps a socket of its own from the first close on
    long before = openSockets();

    for (int i = 0; i < 100; i++) {
      runToEachEnd();
    }

    assertThat(openSockets()).isEqualTo(before);
  }

  private void runToEachEnd() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(LoopbackServer.sends("x".getBytes(UTF_8)))) {
      address("127.0.0.1:" + server.port());
      assertThat(driver(LONG, LONG, 128).run().value().text()).isEqualTo("x");
    }
    address("127.0.0.1:" + freePort());
    assertThat(driver(LONG, LONG, 128).run().error().code())
        .isEqualTo(ErrorCode.CONNECTION_REFUSED);
    runCancelledWhileReading();
  }

  private void runCancelledWhileReading() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(LoopbackServer.isSilent())) {
      address("127.0.0.1:" + server.port());
      OperationDriver<ConnectResult> driver = driver(LONG, LONG, 128);
      driver.start();
      driver.iterateUntil(() -> driver.phases().contains("MESSAGE"));
      driver.cancellable().cancel();
      assertThat(driver.finish().error().isCancelled()).isTrue();
    }
  }

  // ---- The request

  @Test
  void request_checksItsRanges() {
    assertThatIllegalArgumentException().isThrownBy(() -> request(Duration.ZERO, LONG, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> request(LONG, Duration.ZERO, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> request(LONG, LONG, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> request(LONG, LONG, 65537));
  }

  private static void assertFailed(
      OperationDriver<ConnectResult> driver, String stage, ErrorCode code, int stepsBefore) {
    OperationException error = driver.error();
    assertThat(error.stage()).isEqualTo(stage);
    assertThat(error.code()).isEqualTo(code);
    assertThat(driver.ended(ItemState.SUCCEEDED)).isEqualTo(stepsBefore);
    assertThat(driver.ended(ItemState.CANCELLED)).isEqualTo(2 - stepsBefore);
    assertThat(driver.items().getLast())
        .extracting(ItemResult::path, ItemResult::state, ItemResult::code)
        .isEqualTo(tuple("data:peer.addr", ItemState.FAILED, code).toList());
    assertThat(driver.items().getLast().detail()).startsWith(stage + ": ");
  }

  private static void assertCancelled(OperationDriver<ConnectResult> driver, int stepsBefore) {
    assertThat(driver.error().isCancelled()).isTrue();
    assertThat(driver.deliveries()).isEqualTo(1);
    assertThat(driver.ended(ItemState.SUCCEEDED)).isEqualTo(stepsBefore);
    assertThat(driver.ended(ItemState.CANCELLED)).isEqualTo(3 - stepsBefore);
  }

  private OperationDriver<ConnectResult> driver(
      Duration connectTimeout, Duration readTimeout, int maxBytes) {
    return driver(request(connectTimeout, readTimeout, maxBytes), settings());
  }

  private OperationDriver<ConnectResult> driver(ConnectRequest request, ConnectSettings settings) {
    return new OperationDriver<>(context, operation(request, settings));
  }

  private ConnectOperation operation(ConnectRequest request, ConnectSettings settings) {
    return new ConnectOperation(
        request, new OperationOptions(Priority.DEFAULT, null), services, settings, ticker);
  }

  private static ConnectSettings settings() {
    return new ConnectSettings(LOOPBACK, 123);
  }

  private static ConnectRequest request(
      Duration connectTimeout, Duration readTimeout, int maxBytes) {
    return new ConnectRequest(ADDRESS_FILE, connectTimeout, readTimeout, maxBytes);
  }

  private void address(String content) throws IOException {
    Files.writeString(data.resolve("peer.addr"), content);
  }

  private static void spinOneMilli() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** A port with nobody behind it: just given back, and not handed out again soon. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static boolean hasIpv6Loopback() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static long openSockets() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(ConnectOperationIntegrationTests::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed since
    }
  }

  /** A server that accepts nobody, and whose queue is full: connecting to it takes for ever. */
  private static final class FullServer implements AutoCloseable {

    private final ServerSocket listener =
        new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    private final List<Socket> queue = new ArrayList<>();
    private boolean full;

    FullServer() throws IOException {
      while (!full && queue.size() < 16) {
        Socket socket = new Socket();
        queue.add(socket);
        try {
          socket.connect(new InetSocketAddress(listener.getInetAddress(), port()), 200);
        } catch (SocketTimeoutException e) {
          full = true;
        }
      }
    }

    boolean isFull() {
      return full;
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : queue) {
        socket.close();
      }
      listener.close();
    }
  }
}
