package dev.asyncops.http;

import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationQuery;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Reach;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * What {@code GET /ops} is asked for.
 *
 * @param states only these; empty for all
 * @param kinds only these; empty for all
 * @param labels only operations that have all of these
 * @param createdAfter only younger ones; null for no limit
 * @param createdBefore only older ones; null for no limit
 * @param pageSize at most so many, 1 to {@value ListParameters#MAX_PAGE_SIZE}
 * @param after the last operation of the page before; null for the first page
 */
record ListQuery(
    Set<OperationState> states,
    SortedSet<String> kinds,
    SortedMap<String, String> labels,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore,
    int pageSize,
    @Nullable OperationId after) {

  /** Reads the parameters; ProblemException INVALID_ARGUMENT with all that are wrong. */
  static ListQuery of(MultiValueMap<String, String> parameters) {
    ListParameters given = new ListParameters(parameters);
    ListQuery first =
        new ListQuery(
            given.states(OperationState.class),
            given.kinds(),
            given.labels(),
            given.time("createdAfter"),
            given.time("createdBefore"),
            given.pageSize(),
            null);
    String token = given.single("pageToken");
    given.throwIfWrong();
    return token == null ? first : first.after(PageToken.parse(token, first.filters()));
  }

  /**
   * The query for the registry: one more than a page, to know whether there is a next one.
   *
   * @param reach only what exists for who reaches this
   */
  OperationQuery withOneMore(Reach reach) {
    return new OperationQuery(
        states, kinds, labels, createdAfter, createdBefore, after, pageSize + 1, reach);
  }

  /** The token that asks for what comes after this operation. */
  String tokenAfter(OperationId last) {
    return PageToken.of(last, filters());
  }

  /** The query part of the next page's address. */
  String withToken(String token) {
    String filters = filters();
    return filters
        + (filters.isEmpty() ? "" : "&")
        + "pageSize=%d&pageToken=%s".formatted(pageSize, token);
  }

  /** The filters as a query part, equal for equal filters: what a token is bound to. */
  private String filters() {
    StringJoiner parts = new StringJoiner("&");
    states.forEach(state -> parts.add(part("state", state.name())));
    kinds.forEach(kind -> parts.add(part("kind", kind)));
    labels.forEach((key, value) -> parts.add(part(ListParameters.LABEL + key, value)));
    if (createdAfter != null) {
      parts.add(part("createdAfter", createdAfter.toString()));
    }
    if (createdBefore != null) {
      parts.add(part("createdBefore", createdBefore.toString()));
    }
    return parts.toString();
  }

  private ListQuery after(OperationId last) {
    return new ListQuery(states, kinds, labels, createdAfter, createdBefore, pageSize, last);
  }

  private static String part(String name, String value) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
