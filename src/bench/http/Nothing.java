package dev.asyncops.http;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.validation.Validator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import reactor.core.publisher.Mono;

/**
 * The service's addresses on the same web stack with nothing behind them: what a request costs at
 * least. The answers are as long as the service's, and constant.
 */
@SpringBootApplication
@RestController
public class Nothing implements WebFluxConfigurer {

  /** What a start sends. */
  public record Copy(String source, String destination, String durability) {}

  /** Asks for a password when nobody says otherwise. */
  private static final List<String> SECURITY =
      List.of(
          "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
          "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration",
          "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration");

  private static final String ID = "0193a5f0-0000-7000-8000-000000000000";

  private static final byte[] OPERATION =
      """
      {"id":"%s","kind":"copy","state":"QUEUED","phase":null,"revision":1,"pending":1,"toStart":1,\
      "total":1,"totalExact":false,"succeeded":0,"failed":0,"skipped":0,"cancelled":0,"progress":{\
      "bytesDone":0,"bytesTotal":null,"bytesPerSecond":null,"fraction":null,"etaSeconds":null},\
      "priority":"DEFAULT","bytesPerSecond":null,"paused":false,"attempt":1,\
      "createTime":"2026-01-01T00:00:00.000Z","startTime":null,\
      "updateTime":"2026-01-01T00:00:00.000Z","endTime":null,"expireTime":null,\
      "cancelRequestTime":null,"request":{"source":"data:small","destination":"data:out/0",\
      "onConflict":"FAIL","parents":false,"preserve":["MODE","TIMES","LINKS","SPARSE"],\
      "verify":"NONE","durability":"NONE","include":[],"exclude":[],"failFast":false,\
      "dryRun":false,"priority":"DEFAULT","bytesPerSecond":null,"timeoutSeconds":null,\
      "report":"FAILURES"},"labels":{},"userData":null,"createdBy":"anonymous","result":null,\
      "error":null,"firstErrors":[]}"""
          .formatted(ID)
          .getBytes(java.nio.charset.StandardCharsets.UTF_8);

  public static void main(String[] arguments) {
    SpringApplication application = new SpringApplication(Nothing.class);
    application.setDefaultProperties(
        Map.of(
            "server.address", "127.0.0.1",
            "spring.main.banner-mode", "off",
            "springdoc.api-docs.enabled", "false",
            "spring.autoconfigure.exclude", String.join(",", SECURITY)));
    application.run(arguments);
  }

  /** None: the library that would be found is not complete. */
  @Override
  public Validator getValidator() {
    return Validator.forInstanceOf(Object.class, (_, _) -> {});
  }

  @PostMapping("/ops/copy")
  public Mono<ResponseEntity<byte[]>> copy(@RequestBody Mono<Copy> body) {
    return body.map(_ ->
        ResponseEntity.accepted()
            .location(URI.create("/ops/" + ID))
            .header("Retry-After", "1")
            .contentType(MediaType.APPLICATION_JSON)
            .body(OPERATION));
  }

  @GetMapping("/ops/{id}")
  public Mono<ResponseEntity<byte[]>> read() {
    return Mono.just(
        ResponseEntity.ok().eTag("\"1\"").contentType(MediaType.APPLICATION_JSON).body(OPERATION));
  }
}
