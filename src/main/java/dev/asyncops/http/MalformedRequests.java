package dev.asyncops.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Gives those a problem document whose request never gets as far as to the framework, or who would
 * be answered with a bare status by Netty: what is not HTTP, {@code /ops/%zz}, a head that is too
 * long, a chunked body that goes wrong in the middle.
 *
 * <p>A target that is no address, {@code foo} or {@code *}, is refused here: the framework would
 * append it to the name of the host, and so find some other address in it.
 *
 * <p><b>Threads</b>: one for each connection, on its event loop.
 */
public final class MalformedRequests extends ChannelDuplexHandler {

  private static final String NAME = "asyncops.malformedRequests";

  /** An absolute path, or all of an address of ours as a proxy is sent it (RFC 9112, 3.2). */
  private static final Pattern TARGET =
      Pattern.compile("(?:(?i:https?)://[^/?#@]+)?/[^#]*|(?i:https?)://[^/?#@]+(?:\\?[^#]*)?");

  /** Those that are not answered yet, in their order. */
  private final Queue<HttpRequest> requests = new ArrayDeque<>();

  /** Whether the last of them is refused: the connection ends with its answer. */
  private boolean refused;

  /** Whether it is because of what came after its head. */
  private boolean bodyBroken;

  private MalformedRequests() {}

  /** The same server, whose bare refusals are problems. */
  public static HttpServer explained(HttpServer server) {
    return server.doOnChannelInit((_, channel, _) -> addTo(channel.pipeline()));
  }

  /** Between the codec and what answers behind the framework's back; only HTTP/1 has both. */
  private static void addTo(ChannelPipeline pipeline) {
    if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
      pipeline.addBefore(NettyPipeline.HttpTrafficHandler, NAME, new MalformedRequests());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refused) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      requests.add(request);
      if (request.decoderResult().isSuccess()) {
        refuseIfMalformed(request);
      }
    } else if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
      bodyBroken = true;
    }
    context.fireChannelRead(message);
  }

  /** The framework would take any version of HTTP for one that it speaks. */
  private void refuseIfMalformed(HttpRequest request) {
    if (request.protocolVersion().majorVersion() != 1) {
      refuse(request, new IllegalArgumentException("This is HTTP/1.1."));
    } else if (!TARGET.matcher(request.uri()).matches()) {
      refuse(request, new MalformedTargetException());
    }
  }

  private void refuse(HttpRequest request, RuntimeException reason) {
    refused = true;
    request.setDecoderResult(DecoderResult.failure(reason));
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    Object answer =
        message instanceof FullHttpResponse bare && isBare(bare) ? explained(bare) : message;
    if (answer instanceof LastHttpContent && !isInformational(answer)) {
      requests.poll();
    }
    ChannelFuture _ = context.write(answer, promise); // the promise tells
  }

  private static boolean isBare(FullHttpResponse answer) {
    return answer.status().code() >= 400
        && !answer.content().isReadable()
        && !answer.headers().contains(HttpHeaderNames.CONTENT_TYPE);
  }

  private static boolean isInformational(Object answer) {
    return answer instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  private FullHttpResponse explained(FullHttpResponse bare) {
    Problem problem = NettyProblems.of(bare.status().code(), requests.peek(), bodyBroken);
    byte[] json = Json.WRITER.writeValueAsBytes(problem);
    FullHttpResponse explained =
        new DefaultFullHttpResponse(
            bare.protocolVersion(), bare.status(), Unpooled.wrappedBuffer(json));
    explained
        .headers()
        .setAll(bare.headers())
        .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .setInt(HttpHeaderNames.CONTENT_LENGTH, json.length);
    bare.release();
    return explained;
  }
}
