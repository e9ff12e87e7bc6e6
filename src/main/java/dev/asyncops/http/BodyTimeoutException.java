package dev.asyncops.http;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** The rest of a body does not come. The connection ends with the answer. */
final class BodyTimeoutException extends ResponseStatusException {

  private static final long serialVersionUID = 1L;

  BodyTimeoutException() {
    super(HttpStatus.REQUEST_TIMEOUT);
  }

  @Override
  public HttpHeaders getHeaders() {
    HttpHeaders headers = new HttpHeaders();
    headers.setConnection("close");
    return headers;
  }
}
