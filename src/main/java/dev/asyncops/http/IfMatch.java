package dev.asyncops.http;

import dev.asyncops.registry.OperationSnapshot;
import java.util.List;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * The condition of a client that means one revision of an operation and no other (RFC 9110, section
 * 13.1.1). Tags are compared strongly; what is no tag matches nothing.
 */
final class IfMatch {

  private static final String ANY = "*";

  private final List<String> lines;

  private IfMatch(List<String> lines) {
    this.lines = lines;
  }

  /** The condition in these headers; without one any revision will do. */
  static IfMatch of(HttpHeaders headers) {
    return new IfMatch(headers.getOrEmpty(HttpHeaders.IF_MATCH));
  }

  /** The operation, if it is what the client means; 412 if not. */
  OperationSnapshot check(OperationSnapshot operation) {
    if (!lines.isEmpty() && lines.stream().noneMatch(line -> matches(line, operation))) {
      throw new ResponseStatusException(HttpStatus.PRECONDITION_FAILED);
    }
    return operation;
  }

  private static boolean matches(String line, OperationSnapshot operation) {
    ETag current = ETag.create(OperationAnswers.tagOf(operation));
    return line.strip().equals(ANY)
        || ETag.parse(line).stream().anyMatch(tag -> tag.compare(current, true));
  }
}
