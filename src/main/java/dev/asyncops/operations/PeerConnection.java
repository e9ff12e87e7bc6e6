package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A TCP connection to a peer, for one message.
 *
 * <ul>
 *   <li>Its socket is closed exactly once, by {@link #close}, by a cancel, or by a failure to
 *       connect, whichever comes first (S6).
 *   <li>It goes straight to the address: no name service, no proxy.
 * </ul>
 *
 * <p><b>Threads</b>: {@link #connect} and {@link #read} block and belong on a virtual thread, one
 * after the other; {@link #close} may be called from any thread and waits for neither.
 *
 * <p><b>Cancellation</b>: closes the socket, so that a thread that connects or reads comes back at
 * once, with CANCELLED.
 */
final class PeerConnection implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PeerConnection.class.getName());
  private static final Duration FOR_EVER = Duration.ofDays(365);
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final PeerAddress peer;
  private final Cancellable cancellable;
  private final Registration cancelHandler;
  private final Socket socket = new Socket(Proxy.NO_PROXY);
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Not connected yet: takes no descriptor before {@link #connect}. */
  PeerConnection(PeerAddress peer, Cancellable cancellable) {
    this.peer = peer;
    this.cancellable = cancellable;
    cancelHandler = cancellable.connect(this::closeSocket);
  }

  /**
   * Connects. Blocks.
   *
   * @return this end of the connection
   * @throws OperationException CONNECTION_REFUSED, HOST_UNREACHABLE, NETWORK_UNREACHABLE, TIMED_OUT
   *     (S11), TOO_MANY_OPEN_FILES, CANCELLED; it is closed then
   */
  InetSocketAddress connect(Duration timeout) throws OperationException {
    try {
      socket.connect(peer.toSocketAddress(), millis(nanos(timeout)));
      return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    } catch (IOException e) {
      close();
      throw failure("Connecting to", e);
    }
  }

  /**
   * Reads until so many bytes are there, the peer has sent all, or the time is over, and closes the
   * connection (S10). Blocks.
   *
   * @param timeout for the whole message
   * @return 1 byte or more
   * @throws OperationException CONNECTION_CLOSED if the peer sent nothing, or reset the connection;
   *     TIMED_OUT if nothing came in time; CANCELLED
   */
  byte[] read(int maxBytes, Duration timeout) throws OperationException {
    try (this) {
      byte[] message = readUntil(System.nanoTime() + nanos(timeout), new byte[maxBytes]);
      cancellable.throwIfCancelled();
      if (message.length == 0) {
        throw new OperationException(
            ErrorCode.CONNECTION_CLOSED, "'%s' closed the connection.".formatted(peer));
      }
      return message;
    } catch (IOException e) {
      throw failure("Reading from", e);
    }
  }

  /** Closes the socket unless it is closed, and lets go of the cancellable. Never throws. */
  @Override
  public void close() {
    cancelHandler.close();
    closeSocket();
  }

  private byte[] readUntil(long deadlineNanos, byte[] buffer) throws IOException {
    InputStream in = socket.getInputStream();
    int length = 0;
    while (length < buffer.length) {
      long left = deadlineNanos - System.nanoTime();
      if (left <= 0 && length > 0) {
        break;
      }
      socket.setSoTimeout(millis(left));
      int count;
      try {
        count = in.read(buffer, length, buffer.length - length);
      } catch (SocketTimeoutException e) {
        if (length == 0) {
          throw e;
        }
        break; // what came in time is the message
      }
      if (count < 0) {
        break;
      }
      length += count;
    }
    return Arrays.copyOf(buffer, length);
  }

  private void closeSocket() {
    if (closed.compareAndSet(false, true)) {
      try {
        socket.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "Closing the connection to '%s' failed.".formatted(peer), e);
      }
    }
  }

  private OperationException failure(String doing, IOException cause) {
    if (cancellable.isCancelled()) {
      return OperationException.cancelled();
    }
    ErrorCode code = ErrorCodes.of(cause);
    return new OperationException(
        code, "%s '%s' failed: %s.".formatted(doing, peer, reason(code)), cause);
  }

  private static String reason(ErrorCode code) {
    return switch (code) {
      case TIMED_OUT -> "it took too long";
      case CONNECTION_REFUSED -> "nobody listens there";
      case CONNECTION_CLOSED -> "the peer reset the connection";
      case HOST_UNREACHABLE -> "there is no way to the host";
      case NETWORK_UNREACHABLE -> "there is no way to the network";
      case TOO_MANY_OPEN_FILES -> "too many files are open";
      default -> "the system refused";
    };
  }

  /** A year is for ever, and its nanoseconds can be added to a reading of the clock. */
  private static long nanos(Duration timeout) {
    return timeout.compareTo(FOR_EVER) < 0 ? timeout.toNanos() : FOR_EVER.toNanos();
  }

  /** Nanoseconds as a socket's time-out: never zero, which would mean for ever. */
  private static int millis(long nanos) {
    long millis = (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    return Math.clamp(millis, 1, Integer.MAX_VALUE);
  }
}
