package dev.asyncops.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of operations, newest first.
 *
 * @param nextPageToken what asks for the next page; null on the last
 */
record OperationList(List<OperationBody> operations, @Nullable String nextPageToken) {}
