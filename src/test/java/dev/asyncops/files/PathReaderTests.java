package dev.asyncops.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.OperationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PathReaderTests {

  private final Roots roots =
      new Roots(
          List.of(
              new Root("data", Path.of("/srv/data"), false),
              new Root("archive", Path.of("/srv/archive"), false)));
  private final PathReader reader = new PathReader(roots);

  @Test
  void pathsOfOneDirectory_shareIt() throws OperationException {
    RootPath first = reader.read("data:in/2026/a");
    RootPath second = reader.read("data:in/2026/b");

    assertThat(second).isEqualTo(new RootPath("data", List.of("in", "2026", "b")));
    assertThat(second.parent()).isSameAs(first.parent());
  }

  @Test
  void whateverCameBefore_eachPathIsReadAsIfItWereAlone() {
    Random random = new Random(7);
    String[] directories = {
      "data:a", "data:a/b", "archive:a", "data:a/ü", "data:", "a", "data:a/.."
    };
    String[] names = {
      "x", "y", ".", "..", "", ".z", "ü", "a\0", "\uD800", "x/", "x/y", "n".repeat(256)
    };
    for (int i = 0; i < 20_000; i++) {
      String text =
          directories[random.nextInt(directories.length)]
              + (random.nextInt(8) == 0 ? "" : "/")
              + names[random.nextInt(names.length)];

      assertThat(outcome(() -> reader.read(text)))
          .as(text)
          .isEqualTo(outcome(() -> roots.parse(text)));
    }
  }

  private interface Reading {
    RootPath run() throws OperationException;
  }

  private static Object outcome(Reading reading) {
    try {
      return reading.run();
    } catch (OperationException e) {
      return e.code() + " " + e.detail();
    }
  }
}
