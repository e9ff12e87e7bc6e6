package dev.asyncops.observability;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** One meter for each of some values of an enum: what a tag can say, all registered at once. */
final class MeterPer<E extends Enum<E>, M> {

  private final Map<E, M> meters;

  /** Makes the meter of each of the values. */
  MeterPer(Class<E> type, Collection<E> values, Function<E, M> meter) {
    meters = new EnumMap<>(type);
    values.forEach(value -> meters.put(value, meter.apply(value)));
  }

  /** The meter of one of these values. */
  M get(E value) {
    return Objects.requireNonNull(meters.get(value), value::name);
  }
}
