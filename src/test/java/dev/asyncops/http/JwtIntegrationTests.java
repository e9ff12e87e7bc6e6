package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers who say who they are by a JWT. */
@TestInstance(Lifecycle.PER_CLASS)
class JwtIntegrationTests {

  private static final String DELETE = "{\"paths\":[\"data:missing\"]}";
  private static final List<String> DATA = List.of("data");

  private Issuer issuer;
  private TestService service;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    issuer = new Issuer();
    service =
        TestService.start(
            directory,
            "asyncops.auth.mode=jwt",
            "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=" + issuer.keySet());
  }

  @AfterAll
  void stop() {
    service.close();
    issuer.close();
  }

  @Test
  void theClaims_sayWhoItIs_whatItMayDo_andWhere() {
    String jwt = issuer.sign(Issuer.claims("alice", "read write openid", DATA));

    Answer started = post(jwt, DELETE);

    assertThat(started.status()).isEqualTo(202);
    assertThat(started.at("createdBy")).isEqualTo("alice");
    assertThat(get(jwt, "/ops/" + started.at("id")).status()).isEqualTo(200);
    assertThat(post(jwt, DELETE.replace("data:", "archive:")).status()).isEqualTo(403);
    Answer cancel = service.delete("/ops/" + started.at("id"), bearer(jwt));
    assertThat(cancel.status()).isEqualTo(403);
    assertThat(cancel.at("detail")).contains("'cancel'");
    String other = issuer.sign(Issuer.claims("bob", "read", List.of("archive")));
    assertThat(get(other, "/ops/" + started.at("id")).status()).isEqualTo(404);
    String every = issuer.sign(Issuer.claims("bob", "read", List.of("*")));
    assertThat(get(every, "/ops/" + started.at("id")).status()).isEqualTo(200);
  }

  @Test
  void withoutClaims_nothingIsAllowed() {
    JWTClaimsSet.Builder claims = Issuer.claims("alice", "read", DATA);

    assertThat(get(issuer.sign(claims.claim("scope", null)), "/ops").status()).isEqualTo(403);
    claims = Issuer.claims("alice", "read write", DATA).claim("roots", null);
    assertThat(get(issuer.sign(claims), "/ops").json().get("operations")).isEmpty();
    assertThat(post(issuer.sign(claims), DELETE).status()).isEqualTo(403);
  }

  @Test
  void claimsOfAnotherForm_makeAWrongToken() {
    for (Map.Entry<String, Object> wrong :
        List.<Map.Entry<String, Object>>of(
            Map.entry("scope", List.of("read")),
            Map.entry("roots", "data"),
            Map.entry("roots", List.of(1)),
            Map.entry("sub", "a\nb"),
            Map.entry("sub", ""),
            Map.entry("sub", "x".repeat(201)))) {
      JWTClaimsSet.Builder claims =
          Issuer.claims("alice", "read", DATA).claim(wrong.getKey(), wrong.getValue());

      assertThat(get(issuer.sign(claims), "/ops").status()).as(wrong.toString()).isEqualTo(401);
    }
    JWTClaimsSet.Builder nobody = Issuer.claims("alice", "read", DATA).subject(null);
    assertThat(get(issuer.sign(nobody), "/ops").status()).isEqualTo(401);
  }

  @Test
  void whatIsNotSignedByTheIssuer_isAWrongToken() throws Exception {
    JWTClaimsSet.Builder claims = Issuer.claims("alice", "read", DATA);
    String good = issuer.sign(claims);
    int dot = good.lastIndexOf('.');
    SignedJWT shared = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
    shared.sign(new MACSigner(new byte[32]));

    for (String bad :
        List.of(
            Issuer.sign(claims, Issuer.newKey()),
            new PlainJWT(claims.build()).serialize(),
            shared.serialize(),
            good.substring(0, dot + 1),
            good.substring(0, dot - 2) + good.substring(dot),
            "a.b.c")) {
      Answer answer = get(bad, "/ops");

      assertThat(answer.status()).as(bad).isEqualTo(401);
      assertThat(answer.at("code")).isEqualTo("UNAUTHENTICATED");
      assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer error=\"invalid_token\"");
    }
    assertThat(get(good, "/ops").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void outsideOfItsTime_itIsAWrongToken(boolean over) {
    Date wayOff = Date.from(Instant.now().plus(Duration.ofHours(over ? -1 : 1)));
    JWTClaimsSet.Builder claims = Issuer.claims("alice", "read", DATA);

    String jwt = issuer.sign(over ? claims.expirationTime(wayOff) : claims.notBeforeTime(wayOff));

    assertThat(get(jwt, "/ops").status()).isEqualTo(401);
  }

  private Answer get(String jwt, String path) {
    return service.get(path, bearer(jwt));
  }

  private Answer post(String jwt, String json) {
    return service.post("/ops/delete-batch", json, bearer(jwt));
  }

  private static String[] bearer(String jwt) {
    return new String[] {"Authorization", "Bearer " + jwt};
  }
}
