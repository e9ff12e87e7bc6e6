package dev.asyncops.config;

import dev.asyncops.config.AsyncopsProperties.RootSettings;
import dev.asyncops.files.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Finds the directories of the roots at the start, so that a wrong path is known then. */
final class RootDirectories {

  private static final Path DEFAULT = Path.of("data");

  private RootDirectories() {}

  /**
   * The configured roots; without any, {@code data} below the working directory, which is made.
   *
   * @throws InvalidConfigurationPropertyValueException if one is not a directory
   */
  static List<Root> find(Map<String, RootSettings> settings) {
    if (settings.isEmpty()) {
      return List.of(root("data", new RootSettings(make(DEFAULT), false)));
    }
    return settings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> root(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Root root(String name, RootSettings settings) {
    Path path = settings.path();
    if (path == null || !Files.isDirectory(path)) {
      throw wrong(name, path, "There is no such directory.");
    }
    try {
      return new Root(name, path.toRealPath(), settings.readOnly());
    } catch (IOException e) {
      throw wrong(name, path, "The directory cannot be reached: " + e.getMessage());
    }
  }

  private static Path make(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw wrong("data", path, "The default directory cannot be made: " + e.getMessage());
    }
  }

  private static InvalidConfigurationPropertyValueException wrong(
      String name, @Nullable Path path, String why) {
    return new InvalidConfigurationPropertyValueException(
        "asyncops.roots." + name + ".path", path, why);
  }
}
