package dev.asyncops.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A tokens file for a test: the token of a name is {@code token-of-} and the name, with {@code -}
 * for what is no letter.
 */
final class Tokens {

  private final StringBuilder text = new StringBuilder("tokens:\n");

  /** Adds a token. */
  Tokens with(String name, List<String> scopes, List<String> roots) {
    text.append("  - name: %s\n".formatted(name))
        .append("    sha256: \"%s\"\n".formatted(sha256(of(name))))
        .append("    scopes: %s\n".formatted(quoted(scopes)))
        .append("    roots: %s\n".formatted(quoted(roots)));
    return this;
  }

  /** Writes the file, and gives the properties of a service that uses it. */
  String[] writtenTo(Path file) throws IOException {
    Files.writeString(file, text);
    return new String[] {"asyncops.auth.mode=token", "asyncops.auth.tokens-file=" + file};
  }

  /** The token of a name. */
  static String of(String name) {
    return "token-of-" + name.replaceAll("[^a-z-]", "-");
  }

  /** The header of a name, for a request. */
  static String[] header(String name) {
    return new String[] {"Authorization", "Bearer " + of(name)};
  }

  private static List<String> quoted(List<String> words) {
    return words.stream().map(word -> '"' + word + '"').toList();
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
