package dev.asyncops.http;

import dev.asyncops.async.Ticker;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Hangs up on a client that leaves its request unfinished.
 *
 * <ul>
 *   <li>The head must be whole within a time after its first byte. Who sends a byte now and then
 *       gains nothing.
 *   <li>Of the body something must come in each such time in which more of it is wanted here. While
 *       the store has no time for more, the client is not waited for. Whoever reads the body gets a
 *       {@link BodyTimeoutException}, and with it the chance to answer; when the time has gone by
 *       again, or the request is answered already, the connection is closed.
 *   <li>A head of which the rest will never come, because either side has hung up, goes no further:
 *       Netty would log a warning, and answer nobody.
 *   <li>Nobody is hurried whose request is whole: a wait or a stream of events takes what it takes.
 *       A connection between two requests is Netty's to end, after its idle time-out.
 * </ul>
 *
 * <p><b>Threads</b>: one for each connection, on its event loop.
 */
public final class UnfinishedRequests {

  private static final String BYTES = "asyncops.unfinishedRequests.bytes";
  private static final String MESSAGES = "asyncops.unfinishedRequests.messages";

  /** What the client is to send next. */
  private enum Part {
    /** A request, if it likes. */
    NOTHING,
    HEAD,
    BODY
  }

  private final long timeoutNanos;
  private final Ticker ticker;

  private Part part = Part.NOTHING;

  /** When the part that is a head began, or the client was last waited for or heard of. */
  private long sinceNanos;

  /** Whether more was asked of the connection than has come. */
  private boolean reading;

  /** Requests that were begun and have not been answered to the end. */
  private int unanswered;

  /** Whether whoever reads this body was told that it ended. */
  private boolean told;

  private @Nullable Future<?> timer;

  private UnfinishedRequests(Duration timeout, Ticker ticker) {
    timeoutNanos = timeout.toNanos();
    this.ticker = ticker;
  }

  /** The same server, which waits no longer than this for the rest of a request. */
  public static HttpServer limited(HttpServer server, Duration timeout) {
    return server.doOnChannelInit((_, channel, _) ->
        addTo(channel.pipeline(), NettyPipeline.HttpCodec, timeout, Ticker.system()));
  }

  /** Around the codec, to see what comes and what it means; only HTTP/1 has one. */
  static void addTo(ChannelPipeline pipeline, String codec, Duration timeout, Ticker ticker) {
    if (pipeline.get(codec) != null) {
      UnfinishedRequests requests = new UnfinishedRequests(timeout, ticker);
      pipeline.addBefore(codec, BYTES, requests.new Bytes());
      pipeline.addAfter(codec, MESSAGES, requests.new Messages());
    }
  }

  /** What the connection brings. */
  private final class Bytes extends ChannelDuplexHandler {

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      reading = false;
      if (part == Part.NOTHING) {
        part = Part.HEAD;
        sinceNanos = ticker.nanos();
      } else if (part == Part.BODY) {
        sinceNanos = ticker.nanos();
      }
      context.fireChannelRead(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      if (part != Part.NOTHING && timer == null) {
        schedule(context, timeoutNanos);
      }
      context.fireChannelReadComplete();
    }

    @Override
    public void read(ChannelHandlerContext context) {
      if (!reading) {
        reading = true;
        if (part == Part.BODY) {
          sinceNanos = ticker.nanos();
        }
      }
      context.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (timer != null) {
        timer.cancel(false);
      }
      context.fireChannelInactive();
    }
  }

  /** What the codec makes of it. */
  private final class Messages extends ChannelDuplexHandler {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        if (request.decoderResult().cause() instanceof PrematureChannelClosureException) {
          ReferenceCountUtil.release(message);
          return;
        }
        part = Part.BODY;
        unanswered++;
        told = false;
      }
      if (message instanceof LastHttpContent) {
        part = Part.NOTHING;
      }
      context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (message instanceof LastHttpContent && !isInformational(message)) {
        unanswered--;
        sinceNanos = ticker.nanos();
      }
      ChannelFuture _ = context.write(message, promise); // the promise tells
    }
  }

  private static boolean isInformational(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  // ---- The time

  private void schedule(ChannelHandlerContext context, long nanos) {
    timer = context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext context) {
    timer = null;
    if (part == Part.NOTHING || !context.channel().isActive()) {
      return;
    }
    long now = ticker.nanos();
    if (!isWaiting(context)) {
      sinceNanos = now;
    }
    long left = sinceNanos + timeoutNanos - now;
    if (left <= 0) {
      expire(context);
    } else {
      schedule(context, left);
    }
  }

  /** Whether it is the client's turn, and nothing but this request goes on. */
  private boolean isWaiting(ChannelHandlerContext context) {
    return unanswered == 0
        || (unanswered == 1
            && part == Part.BODY
            && reading
            && context.channel().config().isAutoRead());
  }

  private void expire(ChannelHandlerContext context) {
    if (part == Part.BODY && unanswered > 0 && !told) {
      told = true;
      sinceNanos = ticker.nanos();
      schedule(context, timeoutNanos);
      context.fireExceptionCaught(new BodyTimeoutException());
    } else {
      ChannelFuture _ = context.close();
    }
  }
}
