package dev.asyncops.registry;

/**
 * Something an operation must have for itself from admission to its end: a copy's destination, a
 * connect's address file (K1, S3).
 *
 * @param space keeps claims of different kinds apart, e.g. {@code copy-destination}
 * @param path the thing, as slash-separated segments, e.g. {@code data/in/2026}
 * @param tree whether everything below the path is claimed too; then two claims of a space compete
 *     also if one path lies below the other
 */
public record Claim(String space, String path, boolean tree) {}
