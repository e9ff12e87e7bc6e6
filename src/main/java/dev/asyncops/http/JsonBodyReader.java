package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Reads a JSON body, strictly, up to a size, as long as there is memory for it.
 *
 * <p><b>Threads</b>: a small body is parsed where it arrives, on an event loop; one that takes
 * longer, with all that follows it, on a worker of its own.
 */
final class JsonBodyReader implements HttpMessageReader<JsonBody> {

  /** From this size on a body is not parsed on an event loop: a few hundred microseconds' work. */
  private static final int LARGE_BYTES = 64 * 1024;

  /**
   * Buffers of the network that are asked for at a time. If all are asked for at once, Netty
   * reports an error of the body twice: when it happens, and when the request is answered, to
   * nobody.
   */
  private static final int BUFFERS = 32;

  private static final byte[] EMPTY = {};

  private static final MediaType MERGE_PATCH = MediaType.valueOf(PatchBody.MERGE_PATCH);

  private final int maxBytes;
  private final BodyMemory memory;

  /**
   * A reader of bodies up to this size; a larger one is MESSAGE_TOO_LARGE, one that there is no
   * memory for is QUEUE_FULL.
   *
   * @param memory what all bodies may take together
   */
  JsonBodyReader(int maxBytes, BodyMemory memory) {
    this.maxBytes = maxBytes;
    this.memory = memory;
  }

  @Override
  public List<MediaType> getReadableMediaTypes() {
    return List.of(MediaType.APPLICATION_JSON, MERGE_PATCH);
  }

  @Override
  public List<MediaType> getReadableMediaTypes(ResolvableType type) {
    return PatchBody.class.equals(type.toClass())
        ? getReadableMediaTypes()
        : List.of(MediaType.APPLICATION_JSON);
  }

  @Override
  public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
    return JsonBody.class.isAssignableFrom(type.toClass())
        && getReadableMediaTypes(type).stream()
            .anyMatch(known -> known.isCompatibleWith(mediaType));
  }

  @Override
  public Flux<JsonBody> read(
      ResolvableType type, ReactiveHttpInputMessage message, Map<String, Object> hints) {
    return readMono(type, message, hints).flux();
  }

  @Override
  public Mono<JsonBody> readMono(
      ResolvableType type, ReactiveHttpInputMessage message, Map<String, Object> hints) {
    EncodedBodyException.throwIfEncoded(message.getHeaders());
    MediaType given = message.getHeaders().getContentType();
    if (!isUtf8(given)) {
      return Mono.error(
          new UnsupportedMediaTypeStatusException(given, getReadableMediaTypes(type)));
    }
    if (message.getHeaders().getContentLength() > maxBytes) {
      return Mono.error(tooLarge());
    }
    Class<? extends JsonBody> body = type.toClass().asSubclass(JsonBody.class);
    boolean eager = false; // it counts until what was made of it is handed on
    return Mono.using(
        memory::share,
        share ->
            DataBufferUtils.join(message.getBody().limitRate(BUFFERS).map(share::take), maxBytes)
                .onErrorMap(DataBufferLimitException.class, _ -> tooLarge())
                .map(JsonBodyReader::take)
                .defaultIfEmpty(EMPTY)
                .flatMap(json -> parse(json, body)),
        BodyMemory.Share::close,
        eager);
  }

  private static Mono<JsonBody> parse(byte[] json, Class<? extends JsonBody> type) {
    Mono<JsonBody> parsed = Mono.fromSupplier(() -> StrictJson.read(json, type));
    return json.length < LARGE_BYTES ? parsed : parsed.subscribeOn(Schedulers.boundedElastic());
  }

  private static byte[] take(DataBuffer buffer) {
    byte[] bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    return bytes;
  }

  /** JSON is UTF-8 (RFC 8259), whatever else a client names it. */
  private static boolean isUtf8(@Nullable MediaType type) {
    Charset named = type == null ? null : type.getCharset();
    return named == null || named.equals(StandardCharsets.UTF_8);
  }

  private ProblemException tooLarge() {
    return new ProblemException(
        ErrorCode.MESSAGE_TOO_LARGE, "The body is larger than %d bytes.".formatted(maxBytes));
  }
}
