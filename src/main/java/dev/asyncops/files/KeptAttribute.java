package dev.asyncops.files;

/** An attribute that a copy takes over from its source. */
public enum KeptAttribute {
  /**
   * The permission bits; the set-id bits only where the copy has the source's owner and group, so
   * that nobody gets a program that runs as somebody else.
   */
  MODE,
  /** The times of the last read and the last change, in nanoseconds. */
  TIMES,
  /** User and group, by number. */
  OWNER,
  /**
   * The extended attributes that begin with {@code user.}; links have none. On Linux also access
   * control lists, and what belongs to the system ({@code security.}, {@code trusted.}) where the
   * process may set it.
   */
  XATTRS
}
