package dev.asyncops.async;

/**
 * Why something failed or was refused: the one closed set of codes of this service.
 *
 * <p>The names are GIO's words where GIO has one. They are part of the HTTP contract; the status
 * that belongs to each is decided in the {@code http} room.
 */
public enum ErrorCode {
  /** The cancellable was cancelled before the work was done. Not a failure: never logged as one. */
  CANCELLED,
  /** The same work is going on already. For something that is there but in use: {@link #BUSY}. */
  PENDING,
  /** The file, directory or operation does not exist. */
  NOT_FOUND,
  /** Something exists where nothing may. */
  EXISTS,
  /** A directory where a file is needed. */
  IS_DIRECTORY,
  /** A file where a directory is needed. */
  NOT_DIRECTORY,
  /** Neither file nor directory nor link where one of them is needed, e.g. a socket to be read. */
  NOT_REGULAR_FILE,
  /** A directory that still has entries was to be removed. */
  NOT_EMPTY,
  /** A name or path is longer than the file system allows. */
  FILENAME_TOO_LONG,
  /** A tree was to be copied into itself. */
  WOULD_RECURSE,
  /** The file system, or this service, cannot do that at all. */
  NOT_SUPPORTED,
  /** Not allowed: by the file system, by the sandbox of a root, or by the list of networks. */
  PERMISSION_DENIED,
  /** The root or its file system is read-only. For a missing right: {@link #PERMISSION_DENIED}. */
  READ_ONLY,
  /** The request itself is wrong and would be wrong at any time. */
  INVALID_ARGUMENT,
  /** Well-formed input with content that makes no sense, e.g. line 7 of a manifest. */
  INVALID_DATA,
  /** The device or the quota is full. */
  NO_SPACE,
  /** The process or the system has no file descriptor left. */
  TOO_MANY_OPEN_FILES,
  /** In use by the system, e.g. a mount point that was to be removed. */
  BUSY,
  /** The mount under a root has gone away. */
  NOT_MOUNTED,
  /** The source changed while it was read, so the copy would be neither the old nor the new one. */
  SOURCE_CHANGED,
  /** What was read back is not what was written. */
  VERIFY_FAILED,
  /** A time-out passed. */
  TIMED_OUT,
  /** The peer refused the connection. */
  CONNECTION_REFUSED,
  /** The peer closed or reset the connection too early. */
  CONNECTION_CLOSED,
  /** No way to the host. */
  HOST_UNREACHABLE,
  /** No way to the network. */
  NETWORK_UNREACHABLE,
  /** What was asked for is closed or over. */
  CLOSED,
  /** The body or line is larger than the limit. */
  MESSAGE_TOO_LARGE,
  /** The key of a start belongs to another one, of which something else was asked. */
  IDEMPOTENCY_KEY_REUSED,
  /** As many operations wait, or event streams are open, as may be. */
  QUEUE_FULL,
  /** The service is shutting down and starts nothing any more. */
  DRAINING,
  /** The service ended in the middle of something that cannot go on after a restart. */
  INTERRUPTED,
  /** The registry cannot be read or written, so nothing can be promised. */
  STORE_UNAVAILABLE,
  /** None of the others; see the detail and the log. */
  FAILED
}
