package dev.asyncops.files;

import java.nio.file.Path;

/**
 * A directory the service may touch, with all below it.
 *
 * @param name how clients call it
 * @param path the directory on the host; never shown to a client
 * @param readOnly whether nothing below it may be changed
 */
public record Root(String name, Path path, boolean readOnly) {}
