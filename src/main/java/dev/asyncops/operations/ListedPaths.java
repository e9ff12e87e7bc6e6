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
 * @param memory about how many bytes all of them take
 */
record ListedPaths(Map<String, List<RootPath>> byRoot, Map<String, Long> sizes, long memory)
    implements BatchPaths {

  /**
   * A path takes so many bytes beside those of its name: the objects, and its place in the list.
   */
  private static final int MEMORY_OF_A_PATH = 80;

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
                    Map.Entry::getKey, entry -> (long) entry.getValue().size())),
        memory(copy));
  }

  @Override
  public List<RootPath> read(String root, long position) {
    List<RootPath> below = Objects.requireNonNull(byRoot.get(root), "no paths below that root");
    return below.subList(Math.toIntExact(position), below.size());
  }

  @Override
  public long memory() {
    return memory;
  }

  @Override
  public boolean isAtHand() {
    return true;
  }

  private static long memory(List<RootPath> paths) {
    long bytes = 0;
    for (RootPath path : paths) {
      bytes += MEMORY_OF_A_PATH + (path.isRoot() ? 0 : path.name().length());
    }
    return bytes;
  }

  private static boolean isOneRoot(List<RootPath> paths) {
    return !paths.isEmpty()
        && paths.stream().allMatch(path -> path.root().equals(paths.getFirst().root()));
  }
}
