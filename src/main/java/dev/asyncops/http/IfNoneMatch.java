package dev.asyncops.http;

import dev.asyncops.registry.OperationSnapshot;
import java.util.List;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;

/**
 * The revisions of an operation that a client has already (RFC 9110, section 13.1.2), in one header
 * line or several. Tags are compared weakly; what is no tag matches nothing.
 */
final class IfNoneMatch {

  private static final String ANY = "*";

  private final List<String> lines;

  private IfNoneMatch(List<String> lines) {
    this.lines = lines;
  }

  /** The condition in these headers. */
  static IfNoneMatch of(HttpHeaders headers) {
    return new IfNoneMatch(headers.getOrEmpty(HttpHeaders.IF_NONE_MATCH));
  }

  /** Whether the client says what it has. */
  boolean isPresent() {
    return !lines.isEmpty();
  }

  /** Whether the client has this revision. */
  boolean matches(OperationSnapshot operation) {
    ETag current = ETag.create(OperationAnswers.tagOf(operation));
    return lines.stream().anyMatch(line -> matches(line, current));
  }

  private static boolean matches(String line, ETag current) {
    return line.strip().equals(ANY)
        || ETag.parse(line).stream().anyMatch(tag -> tag.compare(current, false));
  }
}
