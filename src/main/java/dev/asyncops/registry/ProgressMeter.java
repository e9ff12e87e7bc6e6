package dev.asyncops.registry;

import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Ticker;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What the counts of an operation say about its speed and the time that is left. */
final class ProgressMeter {

  private final Ticker ticker;

  /** Null before the work begins. */
  private @Nullable RateMeter bytes;

  private @Nullable RateMeter items;

  ProgressMeter(Ticker ticker) {
    this.ticker = ticker;
  }

  /** The work begins now; the wait before does not count. */
  void start() {
    bytes = new RateMeter(ticker.nanos());
    items = new RateMeter(ticker.nanos());
  }

  /** The work goes on: the time it was paused does not count. */
  void goOn() {
    if (bytes != null && items != null) {
      bytes.goOn(ticker.nanos());
      items.goOn(ticker.nanos());
    }
  }

  /** The numbers as they are now. */
  OperationSnapshot.Progress read(OperationProgress progress) {
    long finished = progress.total() - progress.pending();
    OptionalDouble bytesRate = rate(bytes, progress.bytesDone());
    OptionalDouble itemsRate = rate(items, finished);
    Long bytesTotal = progress.isScanned() ? progress.bytesTotal() : null;
    Double fraction = null;
    Long eta = null;
    if (bytesTotal != null && bytesTotal > 0) {
      fraction = fraction(progress.bytesDone(), bytesTotal);
      eta = eta(bytesTotal - progress.bytesDone(), bytesRate);
    } else if (progress.isScanned()) {
      fraction = fraction(finished, progress.total());
      eta = eta(progress.pending(), itemsRate);
    }
    return new OperationSnapshot.Progress(
        progress.bytesDone(), bytesTotal, bytesPerSecond(progress, bytesRate), fraction, eta);
  }

  private OptionalDouble rate(@Nullable RateMeter meter, long amount) {
    if (meter == null) {
      return OptionalDouble.empty();
    }
    meter.sample(amount, ticker.nanos());
    return meter.perSecond();
  }

  private static @Nullable Long bytesPerSecond(OperationProgress progress, OptionalDouble rate) {
    return rate.isPresent() && progress.bytesTotal() > 0 ? Math.round(rate.getAsDouble()) : null;
  }

  private static double fraction(long done, long total) {
    return total == 0 ? 1 : (double) done / total;
  }

  private static @Nullable Long eta(long left, OptionalDouble perSecond) {
    if (left == 0) {
      return 0L;
    }
    return perSecond.orElse(0) > 0 ? (Long) (long) Math.ceil(left / perSecond.getAsDouble()) : null;
  }
}
