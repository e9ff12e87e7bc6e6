package dev.asyncops.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457).
 *
 * @param type always {@code about:blank}: the code says what kind it is
 * @param title the code in words
 * @param status the HTTP status
 * @param code the contract: what a program looks at
 * @param detail one sentence for people
 * @param instance the path that was asked for
 * @param operationId the operation it is about, if any
 * @param errors the members of the request that are wrong, if any
 */
record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    String instance,
    @JsonInclude(Include.NON_NULL) @Schema(format = "uuid") @Nullable String operationId,
    @JsonInclude(Include.NON_NULL) @Nullable List<FieldError> errors) {

  /** A problem whose title is the code in words. */
  static Problem of(
      int status,
      String code,
      String detail,
      String instance,
      @Nullable String operationId,
      List<FieldError> errors) {
    return new Problem(
        "about:blank",
        titleOf(code),
        status,
        code,
        detail,
        instance,
        operationId,
        errors.isEmpty() ? null : errors);
  }

  private static String titleOf(String code) {
    return code.charAt(0) + code.substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
