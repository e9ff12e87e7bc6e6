package dev.asyncops.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.registry.OperationSnapshot;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which items of a request a retry does: stored with it, where its request does not say it.
 *
 * @param only these, and what is below them; empty for none
 * @param retryOf the operation of which they are a part; null if there are none
 */
record RetriedItems(@Nullable List<@Nullable Item> only, @Nullable String retryOf) {

  /** None: all was done. */
  static final RetriedItems NONE = new RetriedItems(List.of(), null);

  /** A path, and the bytes below its root where they are not valid UTF-8. */
  record Item(@Nullable String path, @JsonInclude(Include.NON_NULL) @Nullable String pathBase64) {}

  /** Those of a report. */
  static RetriedItems of(OperationSnapshot over, List<ItemResult> failed) {
    List<@Nullable Item> items = new ArrayList<@Nullable Item>(failed.size());
    failed.forEach(item -> items.add(new Item(item.path(), item.pathBase64())));
    return new RetriedItems(items, over.id().toString());
  }

  /** Whether there is nothing to do. */
  boolean isEmpty() {
    return only == null || only.isEmpty();
  }

  /** The paths; ProblemException if one would be refused today. */
  List<RootPath> paths(Roots roots) {
    List<RootPath> paths = new ArrayList<>();
    try {
      if (only != null) {
        for (Item item : only) {
          paths.add(path(item, roots));
        }
      }
    } catch (OperationException e) {
      throw new ProblemException(e.code(), e.detail());
    }
    return paths;
  }

  private static RootPath path(@Nullable Item item, Roots roots) throws OperationException {
    if (item == null || item.path() == null) {
      throw new OperationException(ErrorCode.INVALID_DATA, "An item has no path.");
    }
    String base64 = item.pathBase64();
    return base64 == null
        ? roots.parse(item.path())
        : roots.parse(item.path(), Base64.getDecoder().decode(base64));
  }
}
