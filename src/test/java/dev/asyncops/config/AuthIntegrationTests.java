package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.web.server.WebFilterChainProxy;

/** Which services start, and where the actuator is open. */
class AuthIntegrationTests {

  private static final String TOKENS =
      """
      tokens:
        - name: reader
          # of the token "token"
          sha256: 3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0
          scopes: [read]
          roots: [data]
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", ""})
  void whereEverybodyMayDoEverything_noOtherMachineIsLetIn(String address) {
    FailureAnalysis analysis = failure("server.address=" + address);

    assertThat(analysis.getDescription()).contains("server.address").contains("loopback");
    assertThat(analysis.getDescription()).contains("asyncops.auth.allow-anonymous");
  }

  @Test
  void otherMachines_areLetIn_ifSomebodySaysSo() {
    try (RunningService service =
        RunningService.start(
            directory, "server.address=0.0.0.0", "asyncops.auth.allow-anonymous=true")) {
      assertThat(service.get("/ops").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void withoutAuthentication_nothingOfSpringSecurityIsThere() {
    try (RunningService service = RunningService.start(directory)) {
      assertThat(service.beans(WebFilterChainProxy.class)).isEmpty();
      assertThat(service.beans(ReactiveUserDetailsService.class)).isEmpty();
      assertThat(service.get("/actuator/prometheus").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "TOKEN", "Token", "to-ken"})
  void theMode_isTheSameHoweverItIsWritten(String mode) throws IOException {
    try (RunningService service =
        RunningService.start(
            directory,
            "asyncops.auth.mode=" + mode,
            tokensFile(TOKENS),
            "server.address=0.0.0.0")) {
      assertThat(service.get("/ops").statusCode()).isEqualTo(401);
      assertThat(service.beans(ReactiveUserDetailsService.class)).isEmpty();
    }
  }

  @Test
  void tokensWithoutAFile_areRefused() {
    assertThat(failure("asyncops.auth.mode=token").getDescription())
        .contains("asyncops.auth.tokens-file");
    assertThat(
            failure("asyncops.auth.mode=token", "asyncops.auth.tokens-file=" + directory + "/none")
                .getDescription())
        .contains("asyncops.auth.tokens-file")
        .contains("There is no such file.");
  }

  @Test
  void aMalformedTokensFile_isRefused_byItsLine_withoutWhatItSays() throws IOException {
    String file = tokensFile(TOKENS.replace("sha256: 3c", "sha256: zz"));

    FailureAnalysis analysis = failure("asyncops.auth.mode=token", file);

    assertThat(analysis.getDescription())
        .contains("asyncops.auth.tokens-file")
        .contains("Line 2")
        .doesNotContain("zz469e");
  }

  @Test
  void jwtsWithoutAnybodyWhoSignsThem_areRefused() {
    assertThat(failure("asyncops.auth.mode=jwt").getDescription())
        .contains("spring.security.oauth2.resourceserver.jwt.issuer-uri")
        .contains("jwk-set-uri");
  }

  @Test
  void theActuator_needsATokenOnTheMainPort_andNoneOnItsOwn() throws Exception {
    try (RunningService one =
        RunningService.start(directory, "asyncops.auth.mode=token", tokensFile(TOKENS))) {
      assertThat(one.get("/actuator/prometheus").statusCode()).isEqualTo(401);
      assertThat(one.get("/actuator/info").statusCode()).isEqualTo(401);
      assertThat(one.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }
    try (RunningService two =
        RunningService.start(
            directory,
            "asyncops.auth.mode=token",
            tokensFile(TOKENS),
            "management.server.port=0",
            "management.server.address=127.0.0.1")) {
      int main = Integer.parseInt(two.property("local.server.port"));
      int own = Integer.parseInt(two.property("local.management.port"));
      assertThat(status(own, "/actuator/prometheus")).isEqualTo(200);
      assertThat(status(own, "/actuator/info")).isEqualTo(200);
      assertThat(status(own, "/actuator/health/liveness")).isEqualTo(200);
      assertThat(status(own, "/actuator/env")).isEqualTo(404);
      assertThat(status(own, "/ops")).isEqualTo(404);
      assertThat(status(main, "/actuator/prometheus")).isEqualTo(401);
      assertThat(status(main, "/ops")).isEqualTo(401);
    }
  }

  private static int status(int port, String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return client.send(request, BodyHandlers.discarding()).statusCode();
    }
  }

  private String tokensFile(String text) throws IOException {
    return "asyncops.auth.tokens-file=" + Files.writeString(directory.resolve("tokens.yaml"), text);
  }

  private FailureAnalysis failure(String... properties) {
    Throwable failure = catchThrowable(() -> RunningService.start(directory, properties).close());
    return StartFailures.analyze(failure);
  }
}
