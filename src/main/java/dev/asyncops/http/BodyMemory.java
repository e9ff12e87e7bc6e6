package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * What all bodies take together that are being read and parsed: a bounded number of bytes, so that
 * many large ones at once cannot take all memory there is. Small ones do not count.
 *
 * <p><b>Threads</b>: any; a share belongs to one request.
 */
final class BodyMemory {

  /** Bodies up to this size are always read. */
  private static final long SMALL_BYTES = 16 * 1024;

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /** Room for so many bytes. */
  BodyMemory(long limit) {
    this.limit = limit;
  }

  /** A share for one body, empty yet; to be closed. */
  Share share() {
    return new Share();
  }

  /** What one body takes. */
  final class Share implements AutoCloseable {

    private long read;
    private long counted;

    /**
     * Makes room for a part of the body, and gives it back; ProblemException QUEUE_FULL if there is
     * none, and the part is released.
     */
    DataBuffer take(DataBuffer part) {
      read += part.readableByteCount();
      long more = Math.max(0, read - SMALL_BYTES) - counted;
      if (more > 0 && !fits(more)) {
        DataBufferUtils.release(part);
        throw new ProblemException(
            ErrorCode.QUEUE_FULL, "Too many large bodies are being read; try again.");
      }
      return part;
    }

    private boolean fits(long more) {
      if (taken.addAndGet(more) > limit) {
        taken.addAndGet(-more);
        return false;
      }
      counted += more;
      return true;
    }

    @Override
    public void close() {
      taken.addAndGet(-counted);
      counted = 0;
    }
  }
}
