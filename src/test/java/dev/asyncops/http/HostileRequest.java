package dev.asyncops.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A request as nobody should send it: a good one, in which some things were exchanged for others.
 * It is framed as HTTP/1.1 says, so that its answer can be told from the next one's.
 */
final class HostileRequest {

  private static final List<String> METHODS =
      List.of("GET", "POST", "DELETE", "PATCH", "PUT", "HEAD", "OPTIONS", "TRACE", "BREW");

  private static final List<String> TARGETS =
      List.of(
          "/ops",
          "/ops/copy",
          "/ops/delete-batch",
          "/ops/connect",
          "/ops/summary",
          "/ops/ID",
          "/ops/ID/result",
          "/ops/ID/items",
          "/ops/ID/retry",
          "/ops/00000000-0000-7000-8000-000000000000/events",
          "/ops/..%2f..%2fetc",
          "/ops/%00",
          "/ops/\u00e4",
          "/ops//",
          "/",
          "/actuator/health",
          "/actuator/env",
          "/nothing");

  private static final List<String> QUERIES =
      List.of(
          "state=RUNNING,,QUEUED",
          "state=%zz",
          "state=\u00ff",
          "kind=%00",
          "pageSize=-1",
          "pageSize=99999999999999999999",
          "pageToken=AAAA",
          "pageToken=%F0%9F%98%80",
          "label.=x",
          "label.a=b&label.a=c",
          "createdAfter=yesterday",
          "createdBefore=-999999999-01-01T00:00:00Z",
          "recursive=perhaps",
          "dryRun=true",
          "x".repeat(3000),
          "&&&===");

  private static final List<String> HEADERS =
      List.of(
          "Accept: application/x-ndjson",
          "Accept: text/csv;q=2",
          "Accept: */*;;;",
          "Accept: \u00ff",
          "Prefer: wait=-1",
          "Prefer: wait=99999999999999999999x",
          "Prefer: ,,;=\"",
          "If-Match: \"1\", W/\"2\", *",
          "If-Match: unquoted",
          "If-None-Match: *",
          "If-None-Match: \"\u00ff",
          "Idempotency-Key: " + "k".repeat(2000),
          "Idempotency-Key: \u00ff",
          "Last-Event-ID: -1-x",
          "Content-Type: text/plain",
          "Content-Type: application/x-ndjson",
          "Content-Type: application/merge-patch+json",
          "Content-Type: application/json; charset=utf-16",
          "Content-Type: ;",
          "Content-Encoding: gzip",
          "Expect: 200-ok",
          "Range: bytes=0-0",
          "Origin: null",
          "Cookie: a",
          "X-Forwarded-Prefix: //evil.example/",
          "X-Forwarded-For: \u00ff");

  private static final List<String> BODIES =
      List.of(
          """
          {"source": "data:a", "destination": "data:b", "onConflict": "OVERWRITE",
           "preserve": ["MODE"], "include": ["**/*"], "labels": {"a": "b"}, "timeoutSeconds": 1}\
          """,
          """
          {"paths": ["data:x", "data:y/z"], "recursive": true, "batch": "b",
           "userData": {"a": [1, 2.5, null]}}\
          """,
          "{\"addressFile\": \"data:a\", \"connectTimeoutSeconds\": 0.5, \"maxBytes\": 16}",
          "{\"priority\": \"LOW\", \"paused\": false, \"labels\": {\"a\": null}}",
          "data:x\ndata:y\n\"data:z\"\n");

  /** What stands in the place of a value. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "1e999999999",
          "9".repeat(5000),
          "0.0000000000000000000000000000000001",
          "NaN",
          "\"\"",
          "\"data:\"",
          "\"data:../../etc/passwd\"",
          "\"/etc/passwd\"",
          "\"data:a\\u0000b\"",
          "\"\\ud800\"",
          "\"nothing:here\"",
          "\"data:" + "x/".repeat(3000) + "\"",
          "\"" + "**/".repeat(500) + "\"",
          "\"" + "{a,".repeat(200) + "\"",
          "\"<script>alert(1)</script>\"",
          "[]",
          "{}",
          "[".repeat(2000) + "]".repeat(2000),
          "{\"a\":".repeat(1200) + "1" + "}".repeat(1200),
          "{\"a\":1,\"a\":2}");

  private final String method;

  /** Method, target and headers. */
  private final String head;

  private final byte[] body;

  private HostileRequest(String method, String head, byte[] body) {
    this.method = method;
    this.head = head;
    this.body = body;
  }

  /** The next one of a series. */
  static HostileRequest of(Random random, String knownId) {
    String body = one(random, BODIES);
    for (int i = random.nextInt(4); i > 0; i--) {
      body = spoiled(random).apply(body);
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(8) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    String method = random.nextInt(3) == 0 ? one(random, METHODS) : "POST";
    String target = one(random, TARGETS).replace("ID", knownId);
    if (random.nextInt(3) == 0) {
      target += "?" + one(random, QUERIES);
    }
    List<String> headers = new ArrayList<>(List.of("Host: localhost"));
    if (random.nextInt(3) != 0) {
      headers.add("Content-Type: application/json");
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      headers.add(one(random, HEADERS));
    }
    boolean chunked = random.nextInt(4) == 0;
    headers.add(chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + bytes.length);
    String head =
        "%s %s HTTP/1.1\r\n%s\r\n\r\n".formatted(method, target, String.join("\r\n", headers));
    return new HostileRequest(method, head, chunked ? chunks(bytes, random) : bytes);
  }

  private static UnaryOperator<String> spoiled(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> body -> body.substring(0, random.nextInt(body.length() + 1));
      case 1 -> body -> body + one(random, VALUES);
      case 2 -> body -> body.replaceFirst("\"[a-zA-Z]+\":", "\"unheardOf\":");
      default ->
          body -> {
            int colon = body.indexOf(": ", random.nextInt(body.length() + 1));
            return colon < 0 ? body : body.substring(0, colon + 2) + one(random, VALUES) + "}";
          };
    };
  }

  private static byte[] chunks(byte[] body, Random random) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int at = 0; at < body.length; ) {
      int size = Math.min(body.length - at, 1 + random.nextInt(500));
      all.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      all.write(body, at, size);
      all.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
      at += size;
    }
    all.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return all.toByteArray();
  }

  private static String one(Random random, List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  @Override
  public String toString() {
    String shown = new String(body, StandardCharsets.UTF_8);
    return head + (shown.length() > 2000 ? shown.substring(0, 2000) + "…" : shown);
  }
}
