package dev.asyncops.security;

import java.net.InetSocketAddress;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The port that the actuator has of its own, if it has one: nothing else is there, and who can
 * reach it may read it.
 *
 * <p><b>Threads</b>: told once, asked by any.
 */
public final class ManagementPort {

  private static final int NONE = -1;

  private volatile int port = NONE;

  /** There is one, and it is open from now on. */
  public void opened(int number) {
    port = number;
  }

  /** Whether a request came in there. */
  boolean isFor(ServerHttpRequest request) {
    int known = port;
    InetSocketAddress local = known == NONE ? null : request.getLocalAddress();
    return local != null && local.getPort() == known;
  }
}
