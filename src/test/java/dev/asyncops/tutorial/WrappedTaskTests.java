package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.LinkedCancellable;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Task;
import dev.asyncops.async.TaskCallback;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The series of {@link SeriesTests} as an operation of its own, which others start and finish as
 * they do any other.
 *
 * <ul>
 *   <li>The task carries callback, cancellable, owner and data through all steps; its presence in
 *       the object says that the operation is going on (A9).
 *   <li>The object is touched at the start and at the end only; everything else belongs to the run
 *       and is released with it, whichever way it ends (S4, S6, T22).
 *   <li>The run has a child of the caller's cancellable, so that closing the object cancels this
 *       run and nothing else of the caller's (C23).
 *   <li>Once the message is handled the operation has succeeded, whatever comes then: so the task
 *       does not check the cancellable, and each step does (T15, S12).
 * </ul>
 */
class WrappedTaskTests {

  @RegisterExtension final Stage stage = new Stage();
  @TempDir Path folder;

  private final List<String> messages = new ArrayList<>();
  private final Connector connector = new Connector(stage, messages::add);
  private final Cancellable cancellable = new Cancellable();
  private final Heard heard = new Heard();

  private static final class Connector implements AutoCloseable {

    private static final Object CONNECT_TO_SERVER = "connectToServer";

    private final Stage stage;
    private final AsyncFiles files;
    private final AsyncSockets sockets;
    private final MessageHandler handler;
    private @Nullable Task<String> connecting;

    Connector(Stage stage, MessageHandler handler) {
      this.stage = stage;
      this.handler = handler;
      files = new AsyncFiles(stage);
      sockets = new AsyncSockets(stage);
    }

    void connectToServer(
        Path addressFile, Cancellable cancellable, @Nullable TaskCallback<String> callback) {
      if (connecting != null) {
        Task.reportError(
            stage.context,
            this,
            CONNECT_TO_SERVER,
            callback,
            new OperationException(ErrorCode.PENDING, "Already connecting to the server."));
        return;
      }
      Run run = new Run(cancellable.linked());
      Task<String> task = Task.create(stage.context, this, run.cancellable, callback);
      task.setTag(CONNECT_TO_SERVER);
      task.setName("connect to server");
      task.setCheckCancellable(false);
      task.setData(run, Run::release);
      connecting = task;
      files.readText(
          addressFile, run.cancellable, (_, text) -> onAddressRead(task, addressFile, text));
    }

    private void onAddressRead(Task<String> task, Path addressFile, Task<String> text) {
      try {
        InetSocketAddress address = ServerAddress.parse(files.finishReadText(addressFile, text));
        sockets.connect(
            address, task.cancellable(), (_, connection) -> onConnected(task, address, connection));
      } catch (OperationException e) {
        fail(task, e);
      }
    }

    private void onConnected(
        Task<String> task, InetSocketAddress address, Task<Socket> connection) {
      try {
        Socket connected = sockets.finishConnect(address, connection);
        task.data(Run.class).connection = connected;
        sockets.readMessage(
            connected, task.cancellable(), (_, message) -> onMessageRead(task, connected, message));
      } catch (OperationException e) {
        fail(task, e);
      }
    }

    private void onMessageRead(Task<String> task, Socket connection, Task<String> message) {
      try {
        String received = sockets.finishReadMessage(connection, message);
        handler.handle(received);
        connecting = null;
        task.returnValue(received);
      } catch (Exception e) {
        fail(task, ErrorCodes.toOperationException(e));
      }
    }

    private void fail(Task<String> task, OperationException error) {
      connecting = null;
      task.returnError(error);
    }

    String finishConnectToServer(Task<String> result) throws OperationException {
      result.checkResultOf(this, CONNECT_TO_SERVER);
      return result.propagate();
    }

    @Override
    public void close() {
      if (connecting != null) {
        connecting.cancellable().cancel();
      }
    }
  }

  /** What belongs to one run. */
  private static final class Run {

    private final LinkedCancellable cancellable;
    private @Nullable Socket connection;

    Run(LinkedCancellable cancellable) {
      this.cancellable = cancellable;
    }

    void release() {
      cancellable.close();
      if (connection != null) {
        AsyncSockets.close(connection);
      }
    }
  }

  @Test
  void a1_s1_success_givesTheMessage_andReleasesTheRun() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      connectToServer(connector, addressFile(server), cancellable, heard);
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly("hello");
      assertThat(messages).containsExactly("hello");
      server.awaitHangUp();
    }
  }

  @Test
  void s3_t20_secondStart_hearsPending_andNotItsOwnCancel() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      Heard second = new Heard();
      Cancellable cancelled = new Cancellable();
      cancelled.cancel();

      connectToServer(connector, addressFile(server), cancellable, heard);
      connectToServer(connector, addressFile(server), cancelled, second);
      assertThat(second.answers()).isEmpty();
      stage.turnToTheEnd();

      assertThat(second.answers()).containsExactly(ErrorCode.PENDING);
      assertThat(heard.answers()).containsExactly("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"success", "failure", "cancel"})
  void s5_d3_everyEnding_freesTheSlotBeforeTheCallback(String ending) throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      Path good = addressFile(server);
      Path first = ending.equals("failure") ? folder.resolve("missing") : good;

      connector.connectToServer(
          first,
          cancellable,
          (_, _) -> connectToServer(connector, good, Cancellable.none(), heard));
      if (ending.equals("cancel")) {
        cancellable.cancel();
      }
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly("hello");
    }
  }

  @Test
  void s4_d14_twoConnectors_runAtTheSameTime() throws Exception {
    try (GreetingServer one = new GreetingServer("one");
        GreetingServer two = new GreetingServer("two")) {
      Connector other = new Connector(stage, messages::add);
      Heard otherHeard = new Heard();

      connectToServer(connector, addressFile(one), cancellable, heard);
      connectToServer(other, addressFile(two), cancellable, otherHeard);
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly("one");
      assertThat(otherHeard.answers()).containsExactly("two");
    }
  }

  @Test
  void s13_c23_d5_close_cancelsThisRun_andNothingElseOfTheCaller() throws Exception {
    try (GreetingServer server = new GreetingServer()) {
      connectToServer(connector, addressFile(server), cancellable, heard);
      stage.turn();
      connector.close();
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED);
      assertThat(cancellable.isCancelled()).isFalse();
    }
  }

  @Test
  void s13_closeWhileIdle_doesNothingNowOrToTheNextRun() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      connector.close();
      connectToServer(connector, addressFile(server), cancellable, heard);
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly("hello");
    }
  }

  @Test
  void s2_s6_callersCancelDuringTheRead_reachesTheRun_andHangsUp() throws Exception {
    try (GreetingServer server = new GreetingServer()) {
      connectToServer(connector, addressFile(server), cancellable, heard);
      stage.turn();
      stage.turn();
      stage.workers.letGo();
      server.awaitAccepted();
      cancellable.cancel();
      stage.turn();

      assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED);
      server.awaitHangUp();
    }
  }

  @Test
  void s12_t15_cancelAfterTheMessageWasHandled_isStillASuccess() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      Connector cancelling = new Connector(stage, _ -> cancellable.cancel());

      connectToServer(cancelling, addressFile(server), cancellable, heard);
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly("hello");
    }
  }

  @Test
  void s12_t22_failingHandler_failsTheRun_andReleasesIt() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      Connector failing = new Connector(stage, _ -> fail());

      connectToServer(failing, addressFile(server), cancellable, heard);
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly(ErrorCode.FAILED);
      server.awaitHangUp();
    }
  }

  @Test
  void a4_d15_finish_takesOnlyItsOwnResults() throws Exception {
    try (GreetingServer server = new GreetingServer("hello")) {
      Connector other = new Connector(stage, messages::add);

      connector.connectToServer(
          addressFile(server),
          cancellable,
          (_, result) -> {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> other.finishConnectToServer(result));
            heard.hear(() -> connector.finishConnectToServer(result));
          });
      stage.turnToTheEnd();

      assertThat(heard.answers()).containsExactly("hello");
    }
  }

  private static void connectToServer(
      Connector connector, Path addressFile, Cancellable cancellable, Heard heard) {
    connector.connectToServer(
        addressFile,
        cancellable,
        (_, result) -> heard.hear(() -> connector.finishConnectToServer(result)));
  }

  private Path addressFile(GreetingServer server) throws IOException {
    return Files.writeString(folder.resolve("address-" + server.hashCode()), server.addressLine());
  }

  private static void fail() throws IOException {
    throw new IOException("no room for the message");
  }
}
