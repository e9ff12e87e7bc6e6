package dev.asyncops.async;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that a task holds, with the hook that releases it. */
record Held<T extends @Nullable Object>(T value, Consumer<? super T> release) {

  Held {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(release, "release");
  }

  void letGo() {
    release.accept(value);
  }
}
