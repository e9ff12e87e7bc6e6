package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.files.PathBytes;
import dev.asyncops.files.RootPath;
import dev.asyncops.registry.ManifestChunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestBuilderTests {

  @Test
  void everyRoot_hasItsPathsInOrder_inChunksThatFollowEachOther() {
    ManifestBuilder builder = new ManifestBuilder();
    Map<String, List<RootPath>> given = new HashMap<>();
    List<ManifestChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      RootPath path =
          new RootPath(i % 7 == 0 ? "b" : "a", List.of("some", "directory", "file-" + i));
      given.computeIfAbsent(path.root(), _ -> new ArrayList<>()).add(path);
      builder.add(path);
      chunks.addAll(builder.takeFull());
    }
    chunks.addAll(builder.takeAll());

    Map<String, List<RootPath>> read = new HashMap<>();
    for (ManifestChunk chunk : chunks) {
      List<RootPath> before = read.computeIfAbsent(chunk.root(), _ -> new ArrayList<>());
      assertThat(chunk.first()).isEqualTo(before.size());
      assertThat(chunk.paths()).hasSizeLessThan(64 * 1024);
      before.addAll(PathBytes.read(chunk.root(), chunk.paths()));
    }
    assertThat(read).isEqualTo(given);
    assertThat(builder.sizes()).hasSameSizeAs(given);
    given.forEach(
        (root, paths) -> assertThat(builder.sizes()).containsEntry(root, (long) paths.size()));
  }

  @Test
  void shortPaths_makeNoChunkOfMoreThanSoMany() {
    ManifestBuilder builder = new ManifestBuilder();
    for (int i = 0; i < ManifestBuilder.CHUNK_PATHS; i++) {
      assertThat(builder.takeFull()).isEmpty();
      builder.add(new RootPath("a", List.of("f")));
    }

    assertThat(builder.takeFull()).hasSize(1);
    assertThat(builder.takeAll()).isEmpty();
  }
}
