package dev.asyncops.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Signs JWTs with a key of its own, and shows its set of keys on the loopback. */
final class Issuer implements AutoCloseable {

  private final RSAKey key = newKey();
  private final HttpServer server;

  Issuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] set = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/keys",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, set.length);
          exchange.getResponseBody().write(set);
          exchange.close();
        });
    server.start();
  }

  static RSAKey newKey() {
    try {
      return new RSAKeyGenerator(2048).keyID("one").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  String keySet() {
    return "http://127.0.0.1:%d/keys".formatted(server.getAddress().getPort());
  }

  /** Claims of somebody, valid for a while. */
  static JWTClaimsSet.Builder claims(String subject, String scope, List<String> roots) {
    return new JWTClaimsSet.Builder()
        .subject(subject)
        .claim("scope", scope)
        .claim("roots", roots)
        .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))));
  }

  String sign(JWTClaimsSet.Builder claims) {
    return sign(claims, key);
  }

  static String sign(JWTClaimsSet.Builder claims, RSAKey by) {
    try {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims.build());
      jwt.sign(new RSASSASigner(by));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** Answers nobody any more. */
  @Override
  public void close() {
    server.stop(0);
  }
}
