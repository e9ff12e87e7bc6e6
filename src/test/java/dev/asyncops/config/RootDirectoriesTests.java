package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.asyncops.config.AsyncopsProperties.RootSettings;
import dev.asyncops.files.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Which directories the roots turn out to be. */
class RootDirectoriesTests {

  @TempDir Path directory;

  @Test
  void configuredRoots_areFoundInTheOrderOfTheirNames() throws IOException {
    Path b = Files.createDirectory(directory.resolve("b"));

    var roots =
        RootDirectories.find(
            Map.of("out", new RootSettings(b, false), "in", new RootSettings(directory, true)));

    assertThat(roots)
        .containsExactly(
            new Root("in", directory.toRealPath(), true), new Root("out", b.toRealPath(), false));
  }

  @Test
  void aRootThatIsALink_isWhatItLeadsToAtTheStart() throws IOException {
    Path target = Files.createDirectory(directory.resolve("target"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);

    var roots = RootDirectories.find(Map.of("data", new RootSettings(link, false)));

    assertThat(roots).extracting(Root::path).containsExactly(target.toRealPath());
  }

  @Test
  void aMissingDirectory_isNotMadeAndItsPropertyIsNamed() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> RootDirectories.find(Map.of("in", new RootSettings(missing, false))))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("asyncops.roots.in.path")
        .hasMessageContaining("There is no such directory.");
    assertThat(missing).doesNotExist();
  }

  @Test
  void aFile_isNoRoot() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> RootDirectories.find(Map.of("in", new RootSettings(file, false))))
        .hasMessageContaining("asyncops.roots.in.path");
  }
}
