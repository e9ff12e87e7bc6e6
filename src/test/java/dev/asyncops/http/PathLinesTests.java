package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.asyncops.files.Root;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.http.PathLines.Format;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathLinesTests {

  private static final PathRules RULES =
      new PathRules(
          new Roots(
              List.of(
                  new Root("data", Path.of("/data"), false),
                  new Root("frozen", Path.of("/frozen"), true))));

  @Test
  void json_isAStringOrAnObject_alsoALineOfAReport() {
    String body =
        """
        "data:plain/ä"
        "data:\\u0061\\/\\"quoted\\""
         {"path": "data:object"}\t
        {"path":"data:in/x","destination":null,"state":"FAILED","code":"BUSY","detail":"'x' is busy.","bytes":0,"sha256":null}
        {"path":"data:in/\uFFFD","pathBase64":"aW4v/w==","state":"FAILED"}
        """;

    assertThat(read(Format.NDJSON, body))
        .extracting(RootPath::relative)
        .containsExactly("plain/ä", "a/\"quoted\"", "object", "in/x", "in/\uDCFF");
  }

  @Test
  void text_isThePathAsItIs() {
    assertThat(read(Format.TEXT, "data:a b\r\ndata:\"q\"\ndata:d/\n"))
        .extracting(RootPath::relative)
        .containsExactly("a b", "\"q\"", "d");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense | INVALID_DATA",
        "5 | INVALID_DATA",
        "null | INVALID_DATA",
        "[\"data:a\"] | INVALID_DATA",
        "\"data:a\" \"data:b\" | INVALID_DATA",
        "\"data:a\"\"data:b\" | INVALID_DATA",
        "\"data:a | INVALID_DATA",
        "{\"path\":\"data:a\"}{} | INVALID_DATA",
        "{\"path\":5} | INVALID_DATA",
        "{\"path\":null} | INVALID_DATA",
        "{\"pathBase64\":\"YQ==\"} | INVALID_DATA",
        "{\"path\":\"data:a\",\"pathBase64\":\"?\"} | INVALID_DATA",
        "{\"path\":\"data:a\",\"pathBase64\":\"YQ=\"} | INVALID_DATA",
        "{\"path\":\"data:a\",\"path\":\"data:b\"} | INVALID_DATA",
        "{\"path\":\"data:a\",\"recursive\":true} | INVALID_DATA",
        "\"data:a//b\" | INVALID_DATA",
        "\"a\" | INVALID_DATA",
        "\"data:a\\u0000\" | INVALID_DATA",
        "\"data:\\ud800\" | INVALID_DATA",
        "\"data:../a\" | PERMISSION_DENIED",
        "\"/a\" | PERMISSION_DENIED",
        "\"none:a\" | PERMISSION_DENIED",
        "\"data:\" | PERMISSION_DENIED",
        "{\"path\":\"data:a\",\"pathBase64\":\"Li4vYQ==\"} | PERMISSION_DENIED",
        "{\"path\":\"data:a\",\"pathBase64\":\"\"} | PERMISSION_DENIED",
        "\"frozen:a\" | READ_ONLY",
        "{\"path\":\"frozen:a\",\"pathBase64\":\"YQ==\"} | READ_ONLY",
      })
  void whatIsWrong_isToldByItsLine(String line, String code) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> read(Format.NDJSON, "\"data:good\"\n" + line + "\n\"data:good\"\n"))
        .satisfies(e -> {
          assertThat(e.code().name()).isEqualTo(code);
          assertThat(e.detail()).startsWith("Line 2: ");
        });
  }

  private static List<RootPath> read(Format format, String body) {
    List<RootPath> paths = new ArrayList<>();
    PathLines lines = new PathLines(format, RULES, paths::add);
    lines.feed(body.getBytes(StandardCharsets.UTF_8));
    lines.finish();
    return paths;
  }
}
