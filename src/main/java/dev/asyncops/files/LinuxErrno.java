package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The one place where an error of a Linux system call becomes an {@link ErrorCode}. */
enum LinuxErrno {
  EPERM(1, ErrorCode.PERMISSION_DENIED, "Operation not permitted"),
  ENOENT(2, ErrorCode.NOT_FOUND, "No such file or directory"),
  EINTR(4, ErrorCode.FAILED, "Interrupted system call"),
  EIO(5, ErrorCode.FAILED, "Input/output error"),
  ENXIO(6, ErrorCode.NOT_REGULAR_FILE, "No such device or address"),
  E2BIG(7, ErrorCode.INVALID_ARGUMENT, "Argument list too long"),
  EBADF(9, ErrorCode.FAILED, "Bad file descriptor"),
  EAGAIN(11, ErrorCode.BUSY, "Resource temporarily unavailable"),
  ENOMEM(12, ErrorCode.FAILED, "Cannot allocate memory"),
  EACCES(13, ErrorCode.PERMISSION_DENIED, "Permission denied"),
  EBUSY(16, ErrorCode.BUSY, "Device or resource busy"),
  EEXIST(17, ErrorCode.EXISTS, "File exists"),
  EXDEV(18, ErrorCode.PERMISSION_DENIED, "Invalid cross-device link"),
  ENODEV(19, ErrorCode.NOT_MOUNTED, "No such device"),
  ENOTDIR(20, ErrorCode.NOT_DIRECTORY, "Not a directory"),
  EISDIR(21, ErrorCode.IS_DIRECTORY, "Is a directory"),
  EINVAL(22, ErrorCode.INVALID_ARGUMENT, "Invalid argument"),
  ENFILE(23, ErrorCode.TOO_MANY_OPEN_FILES, "Too many open files in system"),
  EMFILE(24, ErrorCode.TOO_MANY_OPEN_FILES, "Too many open files"),
  ENOTTY(25, ErrorCode.NOT_SUPPORTED, "Inappropriate ioctl for device"),
  ETXTBSY(26, ErrorCode.BUSY, "Text file busy"),
  EFBIG(27, ErrorCode.NO_SPACE, "File too large"),
  ENOSPC(28, ErrorCode.NO_SPACE, "No space left on device"),
  EROFS(30, ErrorCode.READ_ONLY, "Read-only file system"),
  EMLINK(31, ErrorCode.NOT_SUPPORTED, "Too many links"),
  ERANGE(34, ErrorCode.FAILED, "Numerical result out of range"),
  ENAMETOOLONG(36, ErrorCode.FILENAME_TOO_LONG, "File name too long"),
  ENOSYS(38, ErrorCode.NOT_SUPPORTED, "Function not implemented"),
  ENOTEMPTY(39, ErrorCode.NOT_EMPTY, "Directory not empty"),
  ELOOP(40, ErrorCode.NOT_REGULAR_FILE, "Too many levels of symbolic links"),
  ENODATA(61, ErrorCode.NOT_FOUND, "No data available"),
  EOVERFLOW(75, ErrorCode.NOT_SUPPORTED, "Value too large for defined data type"),
  EOPNOTSUPP(95, ErrorCode.NOT_SUPPORTED, "Operation not supported"),
  ENOTCONN(107, ErrorCode.NOT_MOUNTED, "Transport endpoint is not connected"),
  ETIMEDOUT(110, ErrorCode.TIMED_OUT, "Connection timed out"),
  EHOSTDOWN(112, ErrorCode.HOST_UNREACHABLE, "Host is down"),
  EHOSTUNREACH(113, ErrorCode.HOST_UNREACHABLE, "No route to host"),
  ESTALE(116, ErrorCode.NOT_MOUNTED, "Stale file handle"),
  EDQUOT(122, ErrorCode.NO_SPACE, "Disk quota exceeded"),
  /** Whatever has no line here. */
  UNKNOWN(-1, ErrorCode.FAILED, "Unknown error");

  /** Tells a log which error it was; made once, and without a stack, as errors may be many. */
  private static final class Failure extends IOException {

    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }

    @Override
    public Failure fillInStackTrace() {
      return this;
    }
  }

  private static final Map<Integer, LinuxErrno> BY_NUMBER = byNumber();

  private final int number;
  private final ErrorCode code;
  private final String words;

  @SuppressWarnings("ImmutableEnumChecker") // nobody adds anything to it
  private final Failure cause;

  LinuxErrno(int number, ErrorCode code, String words) {
    this.number = number;
    this.code = code;
    this.words = words;
    cause = new Failure(name() + " (" + words + ")");
  }

  ErrorCode code() {
    return code;
  }

  /** What a call gives that fails so. */
  long result() {
    return -number;
  }

  /** Whether a call's result says this. */
  boolean is(long result) {
    return result == -number;
  }

  /** The error that a call's negative result stands for. */
  static LinuxErrno of(long result) {
    return BY_NUMBER.getOrDefault((int) -result, UNKNOWN);
  }

  /** The error of a call at that place. */
  static OperationException at(RootPath path, long result) {
    LinuxErrno errno = of(result);
    if (errno == EXDEV) {
      return new OperationException(
          errno.code, "'%s' leads out of its root by a link.".formatted(path), errno.cause);
    }
    return new OperationException(
        errno.code, FileErrors.detail(path, errno.code, errno.words), errno.cause);
  }

  /** The error of a call at two places: what the target lacks is said of the target. */
  static OperationException between(RootPath source, RootPath target, long result) {
    return switch (of(result).code) {
      case NO_SPACE, READ_ONLY -> at(target, result);
      default -> at(source, result);
    };
  }

  private static Map<Integer, LinuxErrno> byNumber() {
    Map<Integer, LinuxErrno> map = new HashMap<>();
    for (LinuxErrno errno : values()) {
      map.put(errno.number, errno);
    }
    return map;
  }
}
