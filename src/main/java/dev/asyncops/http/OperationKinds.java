package dev.asyncops.http;

import java.util.List;

/** The kinds of operations, as they are called in addresses, answers and metrics. */
public final class OperationKinds {

  /** A file or a tree is copied. */
  public static final String COPY = "copy";

  /** Many paths are deleted. */
  public static final String DELETE_BATCH = "delete-batch";

  /** A server is connected to and its greeting read. */
  public static final String CONNECT = "connect";

  /** All of them. */
  public static final List<String> ALL = List.of(COPY, DELETE_BATCH, CONNECT);

  private OperationKinds() {}
}
