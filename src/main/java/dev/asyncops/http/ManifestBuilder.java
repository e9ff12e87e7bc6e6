package dev.asyncops.http;

import dev.asyncops.files.PathBytes;
import dev.asyncops.files.RootPath;
import dev.asyncops.registry.ManifestChunk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes chunks of paths, for each root its own, of at most {@value #CHUNK_BYTES} bytes or {@value
 * #CHUNK_PATHS} paths. What waits for more is at most that, over all roots, and a path.
 *
 * <p><b>Threads</b>: one at a time.
 */
final class ManifestBuilder {

  static final int CHUNK_BYTES = 60 * 1024; // with the longest path still below 64 KiB
  static final int CHUNK_PATHS = 4096;

  private final Map<String, PathBytes> waiting = new LinkedHashMap<>();
  private final Map<String, Long> sizes = new LinkedHashMap<>();
  private final List<ManifestChunk> full = new ArrayList<>();
  private int waitingBytes;

  /** Adds a path. */
  void add(RootPath path) {
    String root = path.root();
    PathBytes paths = waiting.computeIfAbsent(root, _ -> new PathBytes());
    int before = paths.size();
    paths.add(path);
    waitingBytes += paths.size() - before;
    sizes.merge(root, 1L, Long::sum);
    if (paths.paths() >= CHUNK_PATHS) {
      finish(root, paths);
    } else if (waitingBytes >= CHUNK_BYTES) {
      finishLargest();
    }
  }

  /** Takes the chunks that are full. */
  List<ManifestChunk> takeFull() {
    List<ManifestChunk> taken = List.copyOf(full);
    full.clear();
    return taken;
  }

  /** Takes all that is left, full or not. */
  List<ManifestChunk> takeAll() {
    waiting.forEach((root, paths) -> {
      if (paths.paths() > 0) {
        finish(root, paths);
      }
    });
    return takeFull();
  }

  /** How many paths there are below each root. */
  Map<String, Long> sizes() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
  }

  /** The chunks of a whole list, and what else is to be said of it. */
  static ManifestBuilder of(Collection<RootPath> paths) {
    ManifestBuilder builder = new ManifestBuilder();
    paths.forEach(builder::add);
    return builder;
  }

  private void finishLargest() {
    waiting.entrySet().stream()
        .max(Comparator.comparingInt(entry -> entry.getValue().size()))
        .ifPresent(entry -> finish(entry.getKey(), entry.getValue()));
  }

  private void finish(String root, PathBytes paths) {
    long first = sizes.getOrDefault(root, 0L) - paths.paths();
    waitingBytes -= paths.size();
    full.add(new ManifestChunk(root, first, paths.take()));
  }
}
