package dev.asyncops.operations;

import dev.asyncops.files.RootPath;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The paths of one call, by root, each in the order of the call: a root that hangs must not keep
 * the others waiting. Immutable; a copy of what it is made from (P15).
 *
 * @param size how many there are
 * @param byRoot the paths below each root, by its name
 */
record DeleteBatchPaths(int size, Map<String, List<RootPath>> byRoot) {

  /** Sorts a list; linear in its length, so not on the main context. */
  static DeleteBatchPaths of(Collection<RootPath> paths) {
    List<RootPath> copy = List.copyOf(paths);
    return new DeleteBatchPaths(
        copy.size(),
        isOneRoot(copy)
            ? Map.of(copy.getFirst().root(), copy)
            : copy.stream()
                .collect(Collectors.groupingBy(RootPath::root, Collectors.toUnmodifiableList())));
  }

  private static boolean isOneRoot(List<RootPath> paths) {
    return !paths.isEmpty()
        && paths.stream().allMatch(path -> path.root().equals(paths.getFirst().root()));
  }
}
