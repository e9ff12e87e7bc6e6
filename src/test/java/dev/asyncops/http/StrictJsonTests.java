package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Priority;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTests {

  @Test
  void members_areReadAsTheyAreWritten() {
    ConnectBody body =
        read(
            "{\"addressFile\":\"data:\u00e9\",\"connectTimeoutSeconds\":0.50,\"maxBytes\":7,"
                + "\"priority\":\"LOW\",\"userData\":[1.10]}");

    assertThat(body.addressFile()).isEqualTo("data:\u00e9");
    assertThat(body.connectTimeoutSeconds()).isEqualTo(new BigDecimal("0.50"));
    assertThat(body.maxBytes()).isEqualTo(7);
    assertThat(body.priority()).isEqualTo(Priority.LOW);
    assertThat(String.valueOf(body.userData())).isEqualTo("[1.10]");
  }

  @Test
  void absentMembersAndNulls_areTheSame() {
    assertThat(read("{\"maxBytes\":null,\"priority\":null,\"labels\":null}")).isEqualTo(read("{}"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"addressFile\":1}|/addressFile|Expected a string.",
        "{\"addressFile\":true}|/addressFile|Expected a string.",
        "{\"addressFile\":1.5}|/addressFile|Expected a string.",
        "{\"addressFile\":[\"a\"]}|/addressFile|Expected a string.",
        "{\"maxBytes\":\"1\"}|/maxBytes|Expected a whole number of at most 32 bits.",
        "{\"maxBytes\":\"\"}|/maxBytes|Expected a whole number of at most 32 bits.",
        "{\"maxBytes\":1.0}|/maxBytes|Expected a whole number of at most 32 bits.",
        "{\"maxBytes\":2147483648}|/maxBytes|Expected a whole number of at most 32 bits.",
        "{\"maxBytes\":false}|/maxBytes|Expected a whole number of at most 32 bits.",
        "{\"readTimeoutSeconds\":\"1\"}|/readTimeoutSeconds|Expected a number.",
        "{\"labels\":{\"a/~b\":1}}|/labels/a~1~0b|Expected a string.",
        "{\"labels\":7}|/labels|Expected an object.",
        "{\"report\":\"all\"}|/report|Expected one of FAILURES, ALL, NONE.",
        "{\"report\":1}|/report|Expected one of FAILURES, ALL, NONE.",
        "{\"maxBytes\":1,\"maxBytes\":1}|/maxBytes|The member is given twice.",
        "{\"userData\":{\"a\":{\"b\":1,\"b\":2}}}|/userData/a/b|The member is given twice.",
        "{\"x\":1}|/x|There is no member 'x'.",
        "[{}]||The body must be a JSON object.",
        "{} 1||There is text after the JSON object.",
        "{\"maxBytes\":1||The JSON is malformed at line 1, column 14.",
      })
  void whatIsWrong_isSaidInOurOwnWords(String json, String pointer, String detail) {
    ProblemException refusal = refusal(json);

    assertThat(refusal.errors())
        .containsExactly(new FieldError(pointer == null ? "" : pointer, detail));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "ISO-8859-1"})
  void anotherEncoding_isRefused(String charset) {
    byte[] json = "{\"addressFile\":\"data:\u00e9\"}".getBytes(Charset.forName(charset));

    assertThat(refusal(json).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void slashInTwoBytes_isNoSlash() {
    byte[] json = "{\"addressFile\":\"data:a??b\"}".getBytes(StandardCharsets.US_ASCII);
    json[22] = (byte) 0xC0;
    json[23] = (byte) 0xAF;

    assertThat(refusal(json).errors())
        .containsExactly(new FieldError("", "The body is not UTF-8."));
  }

  @Test
  void byteOrderMark_isPassedOver() {
    assertThat(read("\uFEFF{\"maxBytes\":1}").maxBytes()).isEqualTo(1);
  }

  @Test
  void unknownMembersAndBadNames_areCollected() {
    ProblemException refusal =
        refusal("{\"x\":[[{}]],\"priority\":\"high\",\"y\":{},\"report\":\"all\",\"maxBytes\":1}");

    assertThat(refusal.errors().stream().map(FieldError::pointer))
        .containsExactlyInAnyOrder("/x", "/priority", "/report", "/y");
  }

  @Test
  void nestedListOfStrings_isNotFlattened() {
    byte[] json = bytes("{\"paths\":[\"data:a\",[\"data:b\"],\"data:c\"]}");

    ProblemException refusal =
        catchThrowableOfType(
            ProblemException.class, () -> StrictJson.read(json, DeleteBatchBody.class));

    assertThat(refusal.errors())
        .isEqualTo(List.of(new FieldError("/paths/1", "Expected a string.")));
  }

  private static ConnectBody read(String json) {
    return read(bytes(json));
  }

  private static ConnectBody read(byte[] json) {
    return StrictJson.read(json, ConnectBody.class);
  }

  private static ProblemException refusal(String json) {
    return refusal(bytes(json));
  }

  private static ProblemException refusal(byte[] json) {
    return catchThrowableOfType(ProblemException.class, () -> read(json));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
