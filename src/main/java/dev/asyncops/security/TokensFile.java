package dev.asyncops.security;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that are accepted, from a file. The file has their digests only.
 *
 * <ul>
 *   <li>A token is compared with all of them, each in the same time wherever it differs.
 *   <li>When the file changes, or another takes its place, its tokens are those of the service from
 *       then on: all of them, or if anything about it is wrong none, and those from before stay.
 *       That is one WARN for each such version.
 *   <li>What is in the file is never shown.
 * </ul>
 *
 * <p><b>Threads</b>: {@link #reload} by one at a time, it blocks; the rest any.
 */
public final class TokensFile {

  /** More than this is not a list of tokens. */
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final Logger LOG = System.getLogger(TokensFile.class.getName());

  private final Path file;
  private volatile List<KnownToken> tokens;

  /** What was read last, whether its tokens are accepted or not; null if it could not be read. */
  private byte @Nullable [] seen;

  /**
   * Reads the file. Blocks.
   *
   * @throws TokensFileException if it cannot be read, or anything in it is wrong
   */
  public TokensFile(Path file) {
    this.file = file;
    byte[] content = read();
    seen = content;
    tokens = TokensText.read(content);
  }

  /** Who has this token; empty if nobody has. */
  Optional<Caller> callerWith(String token) {
    byte[] digest = digest(token);
    Caller found = null;
    for (KnownToken known : tokens) {
      if (known.is(digest)) {
        found = known.caller();
      }
    }
    return Optional.ofNullable(found);
  }

  /** How many tokens are accepted. */
  public int size() {
    return tokens.size();
  }

  /** Looks whether the file is another than the last time, and takes its tokens. Blocks. */
  public void reload() {
    byte[] content = null;
    try {
      content = read();
      if (seen != null && Arrays.equals(content, seen)) {
        return;
      }
      tokens = TokensText.read(content);
      LOG.log(Level.INFO, "The tokens file has changed: {0} tokens are accepted.", tokens.size());
    } catch (TokensFileException e) {
      if (seen != null || content != null) {
        LOG.log(
            Level.WARNING,
            "The tokens file has changed, and the tokens from before stay: {0}",
            e.getMessage());
      }
    }
    seen = content;
  }

  private byte[] read() {
    try (var stream = Files.newInputStream(file)) {
      byte[] content = stream.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new TokensFileException("It has more than %d bytes.".formatted(MAX_BYTES));
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new TokensFileException("There is no such file.");
    } catch (IOException e) {
      throw new TokensFileException("It cannot be read.");
    }
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
