package dev.asyncops.files;

/**
 * An open file or directory of Linux.
 *
 * <p><b>Threads</b>: one at a time. Closed once: afterwards its number may mean another file.
 */
final class LinuxHandle implements AutoCloseable {

  private final boolean owned;
  private int number;

  private LinuxHandle(int number, boolean owned) {
    this.number = number;
    this.owned = owned;
  }

  /** What a call opened; closing this closes it. */
  static LinuxHandle of(long opened) {
    return new LinuxHandle((int) opened, true);
  }

  /** What somebody else has opened and will close. */
  static LinuxHandle borrowed(int number) {
    return new LinuxHandle(number, false);
  }

  int number() {
    if (number < 0) {
      throw new IllegalStateException("closed");
    }
    return number;
  }

  boolean isOpen() {
    return number >= 0;
  }

  @Override
  public void close() {
    if (isOpen()) {
      closed();
    }
  }

  /** Closes it and tells what the call gave; closed it is in any case. */
  long closed() {
    int closing = number();
    number = -1;
    return owned ? LinuxCalls.close(closing) : 0;
  }
}
