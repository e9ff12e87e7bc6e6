package dev.asyncops.observability;

import java.util.List;

/**
 * The kinds of operation of this service, each of which has its meters from the start.
 *
 * @param names the kinds, e.g. {@code copy}
 */
public record OperationKinds(List<String> names) {

  /** Copies the names. */
  public OperationKinds {
    names = List.copyOf(names);
  }
}
