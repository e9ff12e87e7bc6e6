package dev.asyncops.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.asyncops.registry.Reach;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class TokensFileTests {

  @TempDir private Path directory;

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(TokensFile.class);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

  @Test
  void aToken_isFoundByItsDigest() {
    TokensFile tokens = new TokensFile(write(entry("ci", "secret", "[read, write]", "[data]")));

    Caller caller = tokens.callerWith("secret").orElseThrow();

    assertThat(caller.name()).isEqualTo("ci");
    assertThat(caller.scopes()).isEqualTo(Set.of(Scope.READ, Scope.WRITE));
    assertThat(caller.reach()).isEqualTo(Reach.of(List.of("data")));
    assertThat(caller.may(Scope.CANCEL)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secre", "secret ", "Secret", "", "ci"})
  void anotherToken_isNot(String token) {
    TokensFile tokens = new TokensFile(write(entry("ci", "secret", "[read]", "[data]")));

    assertThat(tokens.callerWith(token)).isEmpty();
    assertThat(tokens.callerWith(sha256("secret"))).isEmpty();
  }

  @Test
  void aStar_isEveryRoot_andAnEmptyListNone() {
    TokensFile tokens =
        new TokensFile(
            write(
                entry("all", "a", "[read]", "[\"*\"]")
                    + entry("none", "b", "[read]", "[]").replace("tokens:\n", "")));

    assertThat(tokens.callerWith("a").orElseThrow().reach()).isEqualTo(Reach.ALL);
    assertThat(tokens.callerWith("b").orElseThrow().reach()).isEqualTo(Reach.of(List.of()));
  }

  @Test
  void digestsInUpperCase_areTheSame() {
    String text = entry("ci", "secret", "[read]", "[data]");

    TokensFile tokens =
        new TokensFile(
            write(text.replace(sha256("secret"), sha256("secret").toUpperCase(Locale.ROOT))));

    assertThat(tokens.callerWith("secret")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tokens: x                                            | Line 1
          token: []                                            | Line 1
          tokens: [                                            | Line
          tokens: [{}]                                         | Line 1
          tokens: [a]                                          | Line 1
          [1, 2]                                               | Line 1
          'tokens: [{name: a, name: b}]'                       | Line 1
          'tokens: [{name: a, sha: b}]'                        | no such member
          'tokens: [{name: a, sha256: s3cr3t, scopes: [read], roots: []}]' | sha256
          """)
  void aMalformedFile_isRefused_byItsLine(String text, String said) {
    assertThatThrownBy(() -> new TokensFile(write(text.replace("'", "") + "\n")))
        .isInstanceOf(TokensFileException.class)
        .hasMessageContaining(said)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scopes: [read]     | scopes: [reed]     | Line 10
          scopes: [read]     | scopes: []         | Line 8
          scopes: [read]     | scopes: read       | Line 10
          scopes: [read]     | scope: [read]      | Line 10
          roots: [data]      | roots: data        | Line 11
          roots: [data]      | roots: [Data]      | Line 11
          roots: [data]      | roots: [data/x]    | Line 11
          name: second       | name: first        | another token of this name
          name: second       | nam: second        | Line 8
          """)
  void aWrongEntry_isNamedByItsLine_andNothingOfItIsShown(String good, String bad, String said) {
    String text =
        "# comment\n"
            + entry("first", "one", "[read]", "[data]")
            + entry("second", "two", "[read]", "[data]").replace("tokens:\n", "");
    int second = text.indexOf("  - name: second");

    String broken = text.substring(0, second) + text.substring(second).replace(good, bad);

    assertThatThrownBy(() -> new TokensFile(write(broken)))
        .isInstanceOf(TokensFileException.class)
        .hasMessageContaining(said)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(sha256("two")));
  }

  @Test
  void theSameTokenTwice_isRefused() {
    String text =
        entry("a", "one", "[read]", "[data]")
            + entry("b", "one", "[read]", "[data]").replace("tokens:\n", "");

    assertThatThrownBy(() -> new TokensFile(write(text)))
        .hasMessageContaining("Another name has the same token");
  }

  @Test
  void aTokenInsteadOfItsDigest_isNotShown() {
    String text = entry("a", "one", "[read]", "[data]").replace(sha256("one"), "my-secret-token");

    assertThatThrownBy(() -> new TokensFile(write(text)))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("my-secret"));
  }

  @Test
  void whatIsNoFile_isRefused() throws IOException {
    assertThatThrownBy(() -> new TokensFile(directory.resolve("none")))
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> new TokensFile(directory)).isInstanceOf(TokensFileException.class);
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 1});
    assertThatThrownBy(() -> new TokensFile(binary)).hasMessageContaining("UTF-8");
    Path large =
        Files.writeString(
            directory.resolve("large"), "#" + "x".repeat(TokensFile.MAX_BYTES) + "\n");
    assertThatThrownBy(() -> new TokensFile(large)).hasMessageContaining("bytes");
  }

  @Test
  void aChangedFile_isTaken() {
    TokensFile tokens = new TokensFile(write(entry("ci", "old", "[read]", "[data]")));

    write(entry("ci", "new", "[read]", "[data]"));
    tokens.reload();

    assertThat(tokens.callerWith("old")).isEmpty();
    assertThat(tokens.callerWith("new")).isPresent();
  }

  @Test
  void aLinkThatLeadsElsewhere_isTaken() throws IOException {
    Path first = Files.createDirectory(directory.resolve("..1"));
    Path second = Files.createDirectory(directory.resolve("..2"));
    Files.writeString(first.resolve("t"), entry("ci", "old", "[read]", "[data]"));
    Files.writeString(second.resolve("t"), entry("ci", "new", "[read]", "[data]"));
    Path current = Files.createSymbolicLink(directory.resolve("..data"), first);
    Path link = Files.createSymbolicLink(directory.resolve("t"), current.resolve("t"));
    TokensFile tokens = new TokensFile(link);

    Path next = Files.createSymbolicLink(directory.resolve("..next"), second);
    Files.move(
        next,
        current,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    tokens.reload();

    assertThat(tokens.callerWith("new")).isPresent();
    assertThat(tokens.callerWith("old")).isEmpty();
  }

  @Test
  void aBrokenNewVersion_keepsTheOldTokens_withOneWarning() throws IOException {
    Path file = write(entry("ci", "old", "[read]", "[data]"));
    TokensFile tokens = new TokensFile(file);

    write("tokens: [{name: s3cr3t}]\n");
    tokens.reload();
    tokens.reload();
    assertThat(warnings()).hasSize(1).allMatch(line -> !line.contains("s3cr3t"));
    Files.delete(file);
    tokens.reload();
    tokens.reload();
    assertThat(warnings()).hasSize(2);

    assertThat(tokens.callerWith("old")).isPresent();
    write(entry("ci", "new", "[read]", "[data]"));
    tokens.reload();
    assertThat(tokens.callerWith("old")).isEmpty();
    assertThat(tokens.callerWith("new")).isPresent();
  }

  private List<String> warnings() {
    return lines.list.stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private Path write(String text) {
    try {
      return Files.writeString(directory.resolve("tokens.yaml"), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String entry(String name, String token, String scopes, String roots) {
    return """
    tokens:
      - name: %s
        sha256: "%s"
        scopes: %s
        roots: %s

    """
        .formatted(name, sha256(token), scopes, roots);
  }

  private static String sha256(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
