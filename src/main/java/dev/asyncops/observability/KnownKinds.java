package dev.asyncops.observability;

import java.util.List;

/**
 * The kinds of operation of this service, each of which has its meters from the start.
 *
 * @param names the kinds, e.g. {@code copy}
 */
public record KnownKinds(List<String> names) {

  /** Copies the names. */
  public KnownKinds {
    names = List.copyOf(names);
  }
}
