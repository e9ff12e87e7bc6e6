package dev.asyncops.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * SQLite's write-ahead log as it lies on the disk, to be looked at before SQLite does, which takes
 * it up to the first frame that is wrong and drops the rest without a word.
 *
 * <p>At the end of a log that is right: what is torn there is a transaction that nobody was told
 * of. Each transaction is forced to disk before the next one begins, so if two that follow each
 * other end behind the wrong frame, that frame was whole once, and what is behind it was
 * acknowledged. What does not follow what is before it is the rest of a transaction that failed and
 * was overwritten in part.
 *
 * <p>A log that is cut off between two frames, or wrong in its last transaction only, cannot be
 * told from one that was torn.
 */
final class WriteAheadLog {

  private static final int HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int MAGIC = 0x377f0682;
  private static final int MIN_PAGE_BYTES = 512;
  private static final int MAX_PAGE_BYTES = 65536;

  private final FileChannel file;
  private final int pageBytes;
  private final ByteOrder order;
  private int sum1;
  private int sum2;

  private WriteAheadLog(FileChannel file, ByteBuffer header) {
    this.file = file;
    pageBytes = header.getInt(8);
    order = (header.getInt(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /** Whether transactions that were acknowledged are in the log and can be read no more. */
  static boolean isDamaged(Path log) throws IOException {
    if (!Files.exists(log) || Files.size(log) <= HEADER_BYTES) {
      return false;
    }
    try (FileChannel file = FileChannel.open(log)) {
      ByteBuffer header = read(file, 0, HEADER_BYTES);
      int size = header.getInt(8);
      boolean isHeader =
          (header.getInt(0) & ~1) == MAGIC
              && size >= MIN_PAGE_BYTES
              && size <= MAX_PAGE_BYTES
              && Integer.bitCount(size) == 1;
      return !isHeader || new WriteAheadLog(file, header).isDamaged(header);
    }
  }

  private boolean isDamaged(ByteBuffer header) throws IOException {
    int frameBytes = FRAME_HEADER_BYTES + pageBytes;
    if (file.size() < HEADER_BYTES + frameBytes) {
      return false;
    }
    add(header, 0, 24);
    boolean isRight = isSum(header, 24);
    goOnFrom(header, 24);
    // The header is forced to disk before the first frame: if it is wrong the frames are right.
    long salts = (isRight ? header : read(file, HEADER_BYTES - 8L, 24)).getLong(16);
    int lostEnds = 0;
    for (long at = HEADER_BYTES; at + frameBytes <= file.size(); at += frameBytes) {
      ByteBuffer frame = read(file, at, frameBytes);
      boolean isOfThisLog = frame.getLong(8) == salts;
      add(frame, 0, 8);
      add(frame, FRAME_HEADER_BYTES, pageBytes);
      boolean follows = isOfThisLog && isSum(frame, 16);
      isRight &= follows;
      if (!follows) {
        lostEnds = 0;
      }
      if (!isRight && isOfThisLog && endsTransaction(frame) && ++lostEnds > 1) {
        return true;
      }
      goOnFrom(frame, 16);
    }
    return false;
  }

  /** The size of the database is only in the last frame of a transaction. */
  private static boolean endsTransaction(ByteBuffer frame) {
    return frame.getInt(4) != 0;
  }

  /** What follows was summed on from what is written there, be that right or not. */
  private void goOnFrom(ByteBuffer bytes, int at) {
    sum1 = bytes.getInt(at);
    sum2 = bytes.getInt(at + 4);
  }

  private boolean isSum(ByteBuffer bytes, int at) {
    return bytes.getInt(at) == sum1 && bytes.getInt(at + 4) == sum2;
  }

  /** The sums go on from one frame to the next. */
  private void add(ByteBuffer bytes, int from, int length) {
    ByteBuffer words = bytes.duplicate().order(order);
    for (int at = from; at < from + length; at += 8) {
      sum1 += words.getInt(at) + sum2;
      sum2 += words.getInt(at + 4) + sum1;
    }
  }

  private static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {
      // until it is full; the file is at least as long
    }
    return bytes;
  }
}
