package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that cannot have the keys with which JWTs are checked. */
class JwtKeysIntegrationTests {

  @Test
  void whenNobodyCanJudgeIt_thatIsTheServicesFault(@TempDir Path directory) throws IOException {
    String jwt;
    String gone;
    try (Issuer issuer = new Issuer()) {
      jwt = issuer.sign(Issuer.claims("alice", "read", List.of("data")));
      gone = issuer.keySet();
    }
    try (TestService blind =
        TestService.start(
            directory,
            "asyncops.auth.mode=jwt",
            "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=" + gone)) {
      Answer answer = blind.get("/ops", "Authorization", "Bearer " + jwt);

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.at("code")).isEqualTo("FAILED");
      assertThat(answer.text()).doesNotContain("127.0.0.1", "alice");
      assertThat(blind.get("/actuator/health/liveness").status()).isEqualTo(200);
    }
  }
}
