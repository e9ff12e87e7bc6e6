package dev.asyncops.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the outcomes of items, in the order in which they ended.
 *
 * @param nextPageToken what asks for the next page; null on the last
 */
record ItemList(List<ItemBody> items, @Nullable String nextPageToken) {}
