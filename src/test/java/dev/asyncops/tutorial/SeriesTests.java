package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operations in series: read a server's address from a file, connect, read a message, handle it.
 *
 * <ul>
 *   <li>Each callback is named after the step that has ended, and starts the next one; they stand
 *       in that order (S1).
 *   <li>One cancellable serves the whole series, so one cancel ends it at any step (S2).
 *   <li>What a run needs is handed from step to step and never kept in the object. To hand it on by
 *       hand, as here, is what {@link WrappedTaskTests} does away with (S4).
 * </ul>
 */
class SeriesTests {

  @RegisterExtension final Stage stage = new Stage();
  @TempDir Path folder;

  private final List<String> messages = new ArrayList<>();
  private final Heard heard = new Heard();

  private static final class Connector {

    private final Stage stage;
    private final AsyncFiles files;
    private final AsyncSockets sockets;
    private final MessageHandler handler;
    private @Nullable Cancellable connecting;

    Connector(Stage stage, AsyncSockets sockets, MessageHandler handler) {
      this.stage = stage;
      this.sockets = sockets;
      this.handler = handler;
      files = new AsyncFiles(stage);
    }

    void connectToServer(Path addressFile, Ended callback) {
      if (connecting != null) {
        refuse(callback);
        return;
      }
      connecting = new Cancellable();
      Run run = new Run(connecting, callback);
      files.readText(
          addressFile, run.cancellable, (_, text) -> onAddressRead(addressFile, text, run));
    }

    private void onAddressRead(Path addressFile, Task<String> text, Run run) {
      try {
        InetSocketAddress address = ServerAddress.parse(files.finishReadText(addressFile, text));
        sockets.connect(
            address, run.cancellable, (_, connection) -> onConnected(address, connection, run));
      } catch (OperationException e) {
        end(run, e);
      }
    }

    private void onConnected(InetSocketAddress address, Task<Socket> connection, Run run) {
      try {
        Socket connected = sockets.finishConnect(address, connection);
        sockets.readMessage(
            connected, run.cancellable, (_, message) -> onMessageRead(connected, message, run));
      } catch (OperationException e) {
        end(run, e);
      }
    }

    private void onMessageRead(Socket connection, Task<String> message, Run run) {
      OperationException error = null;
      try {
        handler.handle(sockets.finishReadMessage(connection, message));
      } catch (Exception e) {
        error = ErrorCodes.toOperationException(e);
      }
      AsyncSockets.close(connection);
      end(run, error);
    }

    /** The one way out, of success as well (S5). */
    private void end(Run run, @Nullable OperationException error) {
      connecting = null;
      run.callback.ended(error);
    }

    void cancel() {
      if (connecting != null) {
        connecting.cancel();
      }
    }

    private void refuse(Ended callback) {
      OperationException pending =
          new OperationException(ErrorCode.PENDING, "Already connecting to the server.");
      stage.context.post(Priority.DEFAULT, () -> callback.ended(pending));
    }

    private record Run(Cancellable cancellable, Ended callback) {}
  }

  @Test
  void s1_series_runsStepByStep_andHandlesTheMessage() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      connector().connectToServer(addressFile(server.addressLine()), heard);
      stage.turn();
      stage.turn();
      assertThat(heard.answers()).isEmpty();
      stage.turn();

      assertThat(messages).containsExactly("hello");
      assertThat(heard.answers()).containsExactly(Heard.DONE);
      server.awaitHangUp();
    }
  }

  @Test
  void s5_d3_afterASuccess_theNextSeriesMayStart() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      Connector connector = connector();
      Path file = addressFile(server.addressLine());

      connector.connectToServer(file, _ -> connector.connectToServer(file, heard));
      stage.turnToTheEnd();

      assertThat(messages).containsExactly("hello", "hello");
      assertThat(heard.answers()).containsExactly(Heard.DONE);
    }
  }

  @Test
  void s3_d14_secondStart_hearsPending_andTheFirstGoesOn() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      Connector connector = connector();
      Path file = addressFile(server.addressLine());
      Heard second = new Heard();

      connector.connectToServer(file, heard);
      connector.connectToServer(file, second);
      stage.turnToTheEnd();

      assertThat(second.answers()).containsExactly(ErrorCode.PENDING);
      assertThat(heard.answers()).containsExactly(Heard.DONE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void s2_cancelBetweenSteps_startsNoLaterStep_andEndsOnce(int stepsBefore) throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      Connector connector = connector();

      connector.connectToServer(addressFile(server.addressLine()), heard);
      for (int steps = 0; steps < stepsBefore; steps++) {
        stage.turn();
      }
      connector.cancel();
      stage.turn();

      assertThat(stage.workers.heldCount()).isZero();
      assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED);
      assertThat(messages).isEmpty();
    }
  }

  @Test
  void s2_s6_cancelWhileTheServerIsSilent_endsTheRead_andHangsUp() throws Exception {
    try (GreetingServer server = new GreetingServer()) {
      Connector connector = connector();

      connector.connectToServer(addressFile(server.addressLine()), heard);
      stage.turn();
      stage.turn();
      stage.workers.letGo();
      server.awaitAccepted();
      connector.cancel();
      stage.turn();

      assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED);
      server.awaitHangUp();
    }
  }

  @Test
  void s6_t13_cancelAfterConnecting_closesTheConnectionNobodyTook() throws Exception {
    try (GreetingServer server = new GreetingServer()) {
      Connector connector = connector();

      connector.connectToServer(addressFile(server.addressLine()), heard);
      stage.turn();
      stage.workers.run();
      connector.cancel();
      stage.callbacks();

      assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED);
      server.awaitHangUp();
    }
  }

  @Test
  void s12_failingHandler_failsTheSeries_andHangsUp() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      Connector connector =
          new Connector(stage, new AsyncSockets(stage), SeriesTests::refuseMessage);

      connector.connectToServer(addressFile(server.addressLine()), heard);
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly(ErrorCode.INVALID_DATA);
      server.awaitHangUp();
    }
  }

  @Test
  void s8_d11_addressFileOfAnEditor_endsInANewline() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      assertThat(server.addressLine()).endsWith("\n");

      connector().connectToServer(addressFile("  " + server.addressLine() + "\n"), heard);
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly(Heard.DONE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost:80", "127.1", "1", "0177.0.0.1", "127.0.0.1:99999", "[:"})
  void s9_d13_whatIsNoAddress_endsTheSeriesAtTheParser(String text) throws Exception {
    connector().connectToServer(addressFile(text), heard);
    stage.turn();

    assertThat(stage.workers.heldCount()).isZero();
    assertThat(heard.answers()).containsExactly(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void s10_d12_messageInTwoParts_isReadWhole() throws Exception {
    try (GreetingServer server = new GreetingServer("hel", "lo")) {
      connector().connectToServer(addressFile(server.addressLine()), heard);
      stage.turnToTheEnd();

      assertThat(messages).containsExactly("hello");
    }
  }

  @Test
  void s10_d12_serverThatEndsWithoutAWord_isAnErrorAndNoMessage() throws Exception {
    try (GreetingServer server = new GreetingServer("")) {
      connector().connectToServer(addressFile(server.addressLine()), heard);
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly(ErrorCode.CONNECTION_CLOSED);
      assertThat(messages).isEmpty();
    }
  }

  @Test
  void s11_d13_silentServer_endsInATimeout() throws Exception {
    try (GreetingServer server = new GreetingServer()) {
      AsyncSockets impatient = new AsyncSockets(stage, Duration.ofMillis(20));

      new Connector(stage, impatient, messages::add)
          .connectToServer(addressFile(server.addressLine()), heard);
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly(ErrorCode.TIMED_OUT);
      server.awaitHangUp();
    }
  }

  private Connector connector() {
    return new Connector(stage, new AsyncSockets(stage), messages::add);
  }

  private Path addressFile(String text) throws IOException {
    return Files.writeString(folder.resolve("address"), text);
  }

  private static void refuseMessage(String message) throws OperationException {
    throw new OperationException(ErrorCode.INVALID_DATA, "'%s' makes no sense.".formatted(message));
  }
}
