package dev.asyncops.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who has what for itself (K1, S3).
 *
 * <p>Paths are kept sorted segment by segment, so that whatever lies below a path comes right after
 * it. Claims that compete are never held together. So between a tree and a path below it nothing
 * can stand, and two look-ups, before and after the place of a new claim, find what it competes
 * with, however many claims there are.
 *
 * @param <H> the holder
 */
final class Claims<H> {

  /** Sorts before every character that a path may have. */
  private static final char SEPARATOR = '\0';

  private record Held<H>(H holder, boolean tree) {}

  private final Map<String, NavigableMap<String, Held<H>>> spaces = new HashMap<>();

  /** Who holds something that competes with one of these; null if nobody. */
  @Nullable H competing(List<Claim> claims) {
    return claims.stream().map(this::competing).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /** Claims all of these; nobody else holds anything that competes. */
  void add(List<Claim> claims, H holder) {
    for (Claim claim : claims) {
      String key = key(claim);
      NavigableMap<String, Held<H>> space = space(claim);
      Map.Entry<String, Held<H>> before = space.floorEntry(key);
      if (before == null || !covers(before, key) || !before.getValue().tree) {
        if (claim.tree()) {
          below(space, key).clear();
        }
        space.put(key, new Held<>(holder, claim.tree()));
      }
    }
  }

  /** Gives back what the holder has of these. */
  void remove(List<Claim> claims, H holder) {
    for (Claim claim : claims) {
      space(claim)
          .computeIfPresent(key(claim), (_, held) -> held.holder.equals(holder) ? null : held);
    }
  }

  private @Nullable H competing(Claim claim) {
    String key = key(claim);
    NavigableMap<String, Held<H>> space = space(claim);
    Map.Entry<String, Held<H>> before = space.floorEntry(key);
    if (before != null && covers(before, key)) {
      return before.getValue().holder;
    }
    Map.Entry<String, Held<H>> below = claim.tree() ? below(space, key).firstEntry() : null;
    return below == null ? null : below.getValue().holder;
  }

  private NavigableMap<String, Held<H>> space(Claim claim) {
    return spaces.computeIfAbsent(claim.space(), _ -> new TreeMap<>());
  }

  private static <H> NavigableMap<String, Held<H>> below(
      NavigableMap<String, Held<H>> space, String key) {
    return space.subMap(key + SEPARATOR, true, key + (char) (SEPARATOR + 1), false);
  }

  private static <H> boolean covers(Map.Entry<String, Held<H>> held, String key) {
    String top = held.getKey();
    return key.startsWith(top)
        && (key.length() == top.length()
            || (held.getValue().tree && key.charAt(top.length()) == SEPARATOR));
  }

  private static String key(Claim claim) {
    return claim.path().replace('/', SEPARATOR);
  }
}
