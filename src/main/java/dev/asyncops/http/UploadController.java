package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.files.Roots;
import dev.asyncops.registry.ManifestStore;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.Submission;
import dev.asyncops.security.Caller;
import dev.asyncops.security.Callers;
import io.swagger.v3.oas.annotations.Operation;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import reactor.core.publisher.Mono;

/**
 * Starts, or joins, delete-batches with lists of any length: the body has a path a line and is
 * streamed into the store, the options are query parameters. The answer comes when all of it is
 * there and admitted; before, nothing has begun, and nothing of a refused one stays.
 */
@RestController
public final class UploadController {

  private final MainContext context;
  private final ManifestStore manifests;
  private final OperationCalls calls;
  private final DeleteBatchStart deleteBatches;
  private final Callers callers;

  /** A controller that keeps paths in this store. */
  public UploadController(
      MainContext context,
      OperationRegistry registry,
      Roots roots,
      OperationFactory operations,
      ManifestStore manifests,
      Callers callers) {
    this.callers = callers;
    this.context = context;
    this.manifests = manifests;
    calls = new OperationCalls(context, registry);
    deleteBatches = new DeleteBatchStart(roots, operations);
  }

  /** Starts, or joins, a parallel delete. */
  @Operation(operationId = "startDeleteBatch", summary = "Start, or join, a parallel delete")
  @PostMapping(
      path = "/ops/delete-batch",
      consumes = {MediaType.APPLICATION_NDJSON_VALUE, MediaType.TEXT_PLAIN_VALUE},
      produces = MediaType.APPLICATION_JSON_VALUE)
  public Mono<ResponseEntity<OperationBody>> deleteBatch(ServerWebExchange exchange) {
    EncodedBodyException.throwIfEncoded(exchange.getRequest().getHeaders());
    PathLines.Format format = formatOf(exchange.getRequest().getHeaders().getContentType());
    DeleteBatchBody options = UploadOptions.read(exchange.getRequest().getQueryParams());
    Caller caller = callers.of(exchange);
    DeleteBatchStart reached = deleteBatches.within(caller.reach());
    reached.check(options);
    Mono<ResponseEntity<OperationBody>> answer =
        Mono.usingWhen(
            Mono.fromSupplier(() -> new PathUpload(format, reached.paths(), context, manifests)),
            upload -> start(upload, options, reached, caller, exchange),
            upload -> Mono.fromRunnable(upload.writer()::giveUp),
            (upload, _) -> Mono.fromRunnable(upload.writer()::giveUp),
            upload -> Mono.fromRunnable(upload.writer()::giveUp));
    return answer.doOnError(_ -> announceClosing(exchange));
  }

  /** What is refused is not read to its end; the client must not take that for an accident. */
  private static void announceClosing(ServerWebExchange exchange) {
    exchange.getResponse().getHeaders().setConnection("close");
  }

  private Mono<ResponseEntity<OperationBody>> start(
      PathUpload upload,
      DeleteBatchBody options,
      DeleteBatchStart reached,
      Caller caller,
      ServerWebExchange exchange) {
    Mono<Submission> submission =
        upload
            .read(exchange.getRequest().getBody())
            .flatMap(read -> NettyExchange.ifWhole(read, exchange))
            .map(uploaded -> reached.submission(options, uploaded));
    return new Starting(calls, "/ops/delete-batch", caller, exchange)
        .start(
            submission,
            whole -> {
              upload.writer().handOver();
              return calls.submit(whole, upload.writer()::release);
            });
  }

  private static PathLines.Format formatOf(@Nullable MediaType type) {
    Charset named = type == null ? null : type.getCharset();
    if (named != null && !named.equals(StandardCharsets.UTF_8)) {
      throw new UnsupportedMediaTypeStatusException(
          type, List.of(MediaType.APPLICATION_NDJSON, MediaType.TEXT_PLAIN));
    }
    return MediaType.APPLICATION_NDJSON.isCompatibleWith(type)
        ? PathLines.Format.NDJSON
        : PathLines.Format.TEXT;
  }
}
