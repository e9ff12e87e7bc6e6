package dev.asyncops.operations;

import dev.asyncops.files.RootPath;
import java.time.Duration;

/**
 * What a connect operation is to do; the defaults are the HTTP contract's.
 *
 * @param addressFile the file that names the peer
 * @param connectTimeout how long connecting may take
 * @param readTimeout how long the message may take
 * @param maxBytes how much of the message is read, 1 to 65536
 */
public record ConnectRequest(
    RootPath addressFile, Duration connectTimeout, Duration readTimeout, int maxBytes) {}
