package dev.asyncops.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an item as JSON; the bytes of its path only where they are not valid UTF-8. The
 * meaning of each member is the {@link ItemResult}'s.
 */
record ItemBody(
    String path,
    @JsonInclude(Include.NON_NULL) @Nullable String pathBase64,
    @Nullable String destination,
    ItemState state,
    @Nullable ErrorCode code,
    @Nullable String detail,
    long bytes,
    @Nullable String sha256) {

  static ItemBody of(ItemResult item) {
    return new ItemBody(
        item.path(),
        item.pathBase64(),
        item.destination(),
        item.state(),
        item.code(),
        item.detail(),
        item.bytes(),
        item.sha256());
  }
}
