package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import dev.asyncops.async.Ticker;
import dev.asyncops.files.IoPool;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.ConnectResult.StepMillis;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A series: read an address from a file, connect to it, read a message.
 *
 * <ul>
 *   <li>A step begins in the callback of the step before it; each step is one item and one phase
 *       (S1).
 *   <li>A step that fails ends the series: the error names the step as its stage, the steps before
 *       it count as succeeded, those after it as cancelled (S7).
 *   <li>Only addresses on the allow-list are connected to (S14).
 *   <li>The connection is closed exactly once, on every path (S6).
 * </ul>
 *
 * <p><b>Threads</b>: the state lives on the main context. The file is read by a worker of its root;
 * the socket blocks a virtual thread.
 *
 * <p><b>Cancellation</b>: one cancellable for the whole series, looked at between the steps; inside
 * a step it closes the socket. No step starts after it (S2). Once the message was handed over, on
 * the main context, the series is a success, even if a cancel comes before its delivery (S12).
 */
public final class ConnectOperation implements Operation<ConnectResult> {

  /** The steps, in order; a phase and a stage have the name of their step. */
  private enum Step {
    ADDRESS,
    CONNECT,
    MESSAGE
  }

  private final ConnectRequest request;
  private final OperationOptions options;
  private final OperationServices services;
  private final ConnectSettings settings;
  private final Ticker ticker;

  // Set by prepare.
  private String id = "";
  private @Nullable OperationProgress prepared;

  /** An operation that was not prepared yet. */
  public ConnectOperation(
      ConnectRequest request,
      OperationOptions options,
      OperationServices services,
      ConnectSettings settings) {
    this(request, options, services, settings, Ticker.system());
  }

  /** With a clock of its own for the durations that are reported. */
  ConnectOperation(
      ConnectRequest request,
      OperationOptions options,
      OperationServices services,
      ConnectSettings settings,
      Ticker ticker) {
    this.request = Objects.requireNonNull(request, "request");
    this.options = Objects.requireNonNull(options, "options");
    this.services = Objects.requireNonNull(services, "services");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.ticker = Objects.requireNonNull(ticker, "ticker");
  }

  @Override
  public void prepare(String id, OperationProgress progress) {
    this.id = id;
    prepared = progress;
    progress.found(Step.values().length, 0);
    progress.scanned();
  }

  /** Apart from other work on the root of the address file: it is peers that let connects wait. */
  @Override
  public String place() {
    return "connect " + request.addressFile().root();
  }

  @Override
  public void start(Task<ConnectResult> task) {
    services.context().checkOwner();
    task.setCheckCancellable(false); // a message that was handed over stays a success (S12)
    new Series(task, Objects.requireNonNull(prepared, "not prepared")).begin();
  }

  /** One run, from the file to the message. Main context only. */
  private final class Series {

    private final Task<ConnectResult> task;
    private final Cancellable cancellable;
    private final OperationProgress progress;
    private final Map<Step, Long> millis = new EnumMap<>(Step.class);
    private Step step = Step.ADDRESS;
    private long stepBeganNanos;
    private @Nullable String remoteAddress;
    private @Nullable PeerConnection connection;

    Series(Task<ConnectResult> task, OperationProgress progress) {
      this.task = task;
      this.cancellable = task.cancellable();
      this.progress = progress;
    }

    void begin() {
      if (!begins(Step.ADDRESS)) {
        return;
      }
      IoPool pool = services.pools().of(request.addressFile());
      try (IoPool.Lane lane = pool.openLane(options.priority(), cancellable)) {
        lane.execute(() -> perform(this::readAddress, this::onAddressRead));
      }
    }

    private PeerAddress readAddress() throws OperationException {
      byte[] file = services.files().read(request.addressFile(), PeerAddress.MAX_FILE_BYTES);
      return PeerAddress.parse(file, settings.defaultPort());
    }

    private void onAddressRead(PeerAddress peer) {
      succeeded(0);
      remoteAddress = peer.toString();
      if (!begins(Step.CONNECT)) {
        return;
      }
      if (!settings.allowed().allows(peer.address())) {
        failed(notAllowed(peer));
        return;
      }
      PeerConnection toPeer = new PeerConnection(peer, cancellable);
      connection = toPeer;
      onVirtualThread(() ->
          perform(
              () -> toPeer.connect(request.connectTimeout()),
              localAddress -> onConnected(toPeer, localAddress)));
    }

    private void onConnected(PeerConnection toPeer, InetSocketAddress localAddress) {
      succeeded(0);
      if (!begins(Step.MESSAGE)) {
        return;
      }
      onVirtualThread(() ->
          perform(
              () -> toPeer.read(request.maxBytes(), request.readTimeout()),
              message -> onMessageRead(message, IpLiteral.format(localAddress))));
    }

    private void onMessageRead(byte[] message, String localAddress) {
      if (cancellable.isCancelled()) {
        failed(OperationException.cancelled());
        return;
      }
      succeeded(message.length);
      task.returnValue(result(message, localAddress));
    }

    private ConnectResult result(byte[] message, String localAddress) {
      return new ConnectResult(
          Objects.requireNonNull(remoteAddress),
          localAddress,
          message.length,
          new String(message, StandardCharsets.UTF_8),
          Base64.getEncoder().encodeToString(message),
          message.length == request.maxBytes(),
          new StepMillis(millisOf(Step.ADDRESS), millisOf(Step.CONNECT), millisOf(Step.MESSAGE)));
    }

    // ---- What all steps share

    /** Begins a step, unless the series was cancelled, which ends it. */
    private boolean begins(Step next) {
      if (cancellable.isCancelled()) {
        end(OperationException.cancelled());
        return false;
      }
      step = next;
      stepBeganNanos = ticker.nanos();
      progress.phase(next.name());
      progress.started(1);
      return true;
    }

    private void succeeded(long bytes) {
      millis.put(step, TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - stepBeganNanos));
      progress.ended(item(ItemState.SUCCEEDED, null, bytes));
    }

    private void failed(OperationException error) {
      if (cancellable.isCancelled()) {
        cancelled();
        end(OperationException.cancelled());
        return;
      }
      progress.ended(item(ItemState.FAILED, error, 0));
      end(error.atStage(step.name()));
    }

    private void end(OperationException error) {
      closeConnection();
      while (options.wantsAllItems() && progress.toStart() > 0) {
        progress.started(1);
        cancelled();
      }
      progress.cancelUnstarted();
      task.returnError(error);
    }

    /** A step was begun, and is not done. */
    private void cancelled() {
      if (options.wantsAllItems()) {
        progress.ended(item(ItemState.CANCELLED, null, 0));
      } else {
        progress.ended(ItemState.CANCELLED, 1);
      }
    }

    private void closeConnection() {
      if (connection != null) {
        connection.close();
      }
    }

    /** Does a step's blocking part on the calling thread, and posts its callback. */
    private <V> void perform(Callable<V> part, Consumer<V> callback) {
      Runnable completion = outcome(part, callback);
      try {
        services.context().post(Priority.DEFAULT, "connect " + id, completion);
      } catch (RejectedExecutionException e) {
        closeConnection(); // the service is gone: nobody is left to go on with it
      }
    }

    private <V> Runnable outcome(Callable<V> part, Consumer<V> callback) {
      try {
        cancellable.throwIfCancelled();
        V value = part.call();
        return () -> callback.accept(value);
      } catch (Throwable e) { // whatever it is, the series ends with it
        OperationException error = ErrorCodes.toOperationException(e);
        return () -> failed(error);
      }
    }

    private void onVirtualThread(Runnable blocking) {
      Thread.ofVirtual().name("connect-" + id).start(blocking);
    }

    private ItemResult item(ItemState state, @Nullable OperationException error, long bytes) {
      RootPath file = request.addressFile();
      return new ItemResult(
          file.toString(),
          file.oddBytes(),
          remoteAddress,
          state,
          error == null ? null : error.code(),
          error == null ? null : step + ": " + error.detail(),
          bytes,
          null);
    }

    private long millisOf(Step ended) {
      return millis.getOrDefault(ended, 0L);
    }

    private OperationException notAllowed(PeerAddress peer) {
      return new OperationException(
          ErrorCode.PERMISSION_DENIED,
          "'%s' is not in a network that may be connected to.".formatted(peer));
    }
  }
}
