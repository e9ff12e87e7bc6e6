package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Reads a source and its copy side by side, compares them and digests the copy. */
final class Verification {

  /** A file's content, as a channel gives it. */
  interface Content {

    /** Reads at a position; negative at the end. */
    int read(ByteBuffer to, long position) throws IOException, OperationException;
  }

  private static final int BUFFER = 256 << 10;

  private final RootPath source;
  private final Content in;
  private final Content out;
  private final ByteBuffer expected;
  private final ByteBuffer written;
  private final MessageDigest digest = newDigest();
  private long position;
  private @Nullable String sha256;

  Verification(RootPath source, long size, Content in, Content out) {
    this.source = source;
    this.in = in;
    this.out = out;
    int buffer = (int) Math.min(BUFFER, size + 1); // one more shows what was written too much
    expected = ByteBuffer.allocate(buffer);
    written = ByteBuffer.allocate(buffer);
  }

  /** Compares on, at most so many bytes; 0 at the end. */
  long step(long atMost) throws OperationException {
    long compared = 0;
    while (compared < atMost) {
      int part = compare((int) Math.min(expected.capacity(), atMost - compared));
      if (part == 0) {
        break;
      }
      compared += part;
    }
    return compared;
  }

  String sha256() {
    if (sha256 == null) {
      sha256 = HexFormat.of().formatHex(digest.digest());
    }
    return sha256;
  }

  private int compare(int length) throws OperationException {
    FileErrors.at(
        source,
        () -> {
          fill(in, expected.clear().limit(length));
          fill(out, written.clear().limit(length));
        });
    if (expected.mismatch(written) != -1) {
      throw FileErrors.of(source, ErrorCode.VERIFY_FAILED, "is not what was written");
    }
    int part = written.remaining();
    position += part;
    digest.update(written);
    return part;
  }

  /** Reads at the common position until the buffer is full or the file ends. */
  private void fill(Content content, ByteBuffer buffer) throws IOException, OperationException {
    while (buffer.hasRemaining() && content.read(buffer, position + buffer.position()) >= 0) {}
    buffer.flip();
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
