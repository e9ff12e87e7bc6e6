package dev.asyncops.registry;

/**
 * Some paths of a manifest in a row, all below one root. What the bytes mean is for those to know
 * who write and read them.
 *
 * @param root the name of the root
 * @param first the position of the first path among those of the manifest below this root
 * @param paths the paths; never changed by anybody
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares chunks, and a copy would cost much
public record ManifestChunk(String root, long first, byte[] paths) {}
