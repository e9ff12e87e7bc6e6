package dev.asyncops.http;

import dev.asyncops.async.ItemState;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.util.MultiValueMap;

/**
 * What {@code GET /ops/{id}/items} is asked for.
 *
 * @param operation the id, as it was asked for
 * @param states only these; empty for all
 * @param pageSize at most so many, 1 to {@value ListParameters#MAX_PAGE_SIZE}
 * @param from where the page begins
 */
record ItemQuery(String operation, Set<ItemState> states, int pageSize, ItemPlace from) {

  private static final int PLACE_BYTES = Long.BYTES + Integer.BYTES;

  /** Reads the parameters; ProblemException INVALID_ARGUMENT with all that are wrong. */
  static ItemQuery of(String operation, MultiValueMap<String, String> parameters) {
    ListParameters given = new ListParameters(parameters);
    Set<ItemState> states = given.states(ItemState.class);
    ItemQuery first = new ItemQuery(operation, states, given.pageSize(), ItemPlace.FIRST);
    String token = given.single("pageToken");
    given.throwIfWrong();
    return token == null ? first : first.from(token);
  }

  /** The token that asks for what begins here. */
  String tokenOf(ItemPlace next) {
    byte[] place =
        ByteBuffer.allocate(PLACE_BYTES).putLong(next.block()).putInt(next.index()).array();
    return PageToken.of(place, bound());
  }

  /** The query part of the next page's address. */
  String withToken(String token) {
    String filter = filter();
    return filter
        + (filter.isEmpty() ? "" : "&")
        + "pageSize=%d&pageToken=%s".formatted(pageSize, token);
  }

  private ItemQuery from(String token) {
    ByteBuffer place = PageToken.parse(token, PLACE_BYTES, bound());
    ItemPlace next = new ItemPlace(place.getLong(), place.getInt());
    if (next.block() < 0 || next.index() < 0) {
      throw PageToken.unknown();
    }
    return new ItemQuery(operation, states, pageSize, next);
  }

  /** What a token is bound to. */
  private String bound() {
    return operation + "/items?" + filter();
  }

  private String filter() {
    return states.stream().map(state -> "state=" + state).collect(Collectors.joining("&"));
  }
}
