package dev.asyncops.http;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer of the service, as a client sees it. */
record Answer(int status, HttpHeaders headers, String text) {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  Answer(HttpResponse<String> response) {
    this(response.statusCode(), response.headers(), response.body());
  }

  JsonNode json() {
    return MAPPER.readTree(text);
  }

  /** A header; empty if it is not there. */
  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** A member of the body as text, e.g. {@code error.code}. */
  String at(String path) {
    return json().at("/" + path.replace('.', '/')).asString();
  }

  long number(String name) {
    return json().get(name).asLong();
  }
}
