package dev.asyncops.operations;

import dev.asyncops.files.RootPath;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Paths in memory, by root, each in the order of the call: a root that hangs must not keep the
 * others waiting. Immutable; a copy of what it is made from (P15).
 *
 * @param byRoot the paths below each root, by its name
 * @param sizes how many these are
 */
record ListedPaths(Map<String, List<RootPath>> byRoot, Map<String, Long> sizes)
    implements BatchPaths {

  /** Sorts a list; linear in its length, so not on the main context. */
  static ListedPaths of(Collection<RootPath> paths) {
    List<RootPath> copy = List.copyOf(paths);
    Map<String, List<RootPath>> byRoot =
        isOneRoot(copy)
            ? Map.of(copy.getFirst().root(), copy)
            : copy.stream()
                .collect(Collectors.groupingBy(RootPath::root, Collectors.toUnmodifiableList()));
    return new ListedPaths(
        byRoot,
        byRoot.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> (long) entry.getValue().size())));
  }

  @Override
  public List<RootPath> read(String root, long position) {
    List<RootPath> below = Objects.requireNonNull(byRoot.get(root), "no paths below that root");
    return below.subList(Math.toIntExact(position), below.size());
  }

  @Override
  public boolean isAtHand() {
    return true;
  }

  private static boolean isOneRoot(List<RootPath> paths) {
    return !paths.isEmpty()
        && paths.stream().allMatch(path -> path.root().equals(paths.getFirst().root()));
  }
}
