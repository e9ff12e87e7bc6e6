package dev.asyncops.operations;

/**
 * What a connect operation received.
 *
 * @param remoteAddress the peer, {@code 127.0.0.1:123} or {@code [::1]:123}
 * @param localAddress this end, likewise
 * @param bytes how many bytes were received
 * @param text the bytes as UTF-8, malformed parts replaced
 * @param base64 the bytes
 * @param truncated whether there may have been more than was read
 * @param millis how long each step took
 */
public record ConnectResult(
    String remoteAddress,
    String localAddress,
    int bytes,
    String text,
    String base64,
    boolean truncated,
    StepMillis millis) {

  /** How long each step took, in milliseconds. */
  public record StepMillis(long address, long connect, long message) {}
}
