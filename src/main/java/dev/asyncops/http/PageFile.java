package dev.asyncops.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * A file of the page, read once. A browser asks each time whether it is still the same, so that
 * after an update all files fit together.
 */
final class PageFile {

  /** Only what comes from here is loaded, run or asked; text never becomes a script or markup. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

  private final byte[] content;
  private final MediaType type;
  private final String tag;

  private PageFile(byte[] content, MediaType type) {
    this.content = content;
    this.type = type;
    tag = '"' + digest(content) + '"';
  }

  /** Reads a file, which must be there. */
  static PageFile read(String name, MediaType type) {
    try (InputStream file = PageFile.class.getResourceAsStream("/page/" + name)) {
      if (file == null) {
        throw new IllegalStateException("The page has no " + name + ".");
      }
      return new PageFile(file.readAllBytes(), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ResponseEntity<byte[]> answer() {
    return ResponseEntity.ok()
        .contentType(type)
        .eTag(tag)
        .cacheControl(CacheControl.noCache())
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .body(content);
  }

  private static String digest(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
