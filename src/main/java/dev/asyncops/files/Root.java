package dev.asyncops.files;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A directory the service may touch, with all below it.
 *
 * @param name how clients call it: letters, digits, {@code .}, {@code _} and {@code -}
 * @param path the directory on the host; never shown to a client
 * @param readOnly whether nothing below it may be changed
 */
public record Root(String name, Path path, boolean readOnly) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /** Checks the name, which must tell a root from a path and make a label of a metric. */
  public Root {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'%s' cannot be the name of a root.".formatted(name));
    }
  }
}
