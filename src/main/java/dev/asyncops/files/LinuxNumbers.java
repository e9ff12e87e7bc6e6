package dev.asyncops.files;

/**
 * The numbers of the system calls, and of their flags, on the two processors we know. Structures
 * ({@code open_how}, {@code statx}, {@code linux_dirent64}) and errors are the same on both.
 */
final class LinuxNumbers {

  private static final String PROCESSOR = System.getProperty("os.arch", "");
  private static final boolean ARM = PROCESSOR.equals("aarch64");

  /** Whether this is Linux on a processor whose numbers we know. */
  static final boolean KNOWN =
      System.getProperty("os.name", "").equals("Linux")
          && (ARM || PROCESSOR.equals("amd64") || PROCESSOR.equals("x86_64"));

  // ---- Calls

  static final long CLOSE = number(3, 57);
  static final long COPY_FILE_RANGE = number(326, 285);
  static final long DUP3 = number(292, 24);
  static final long FADVISE = number(221, 223);
  static final long FALLOCATE = number(285, 47);
  static final long FCHMOD = number(91, 52);
  static final long FCHMODAT = number(268, 53);
  static final long FCHOWN = number(93, 55);
  static final long FCHOWNAT = number(260, 54);
  static final long FGETXATTR = number(193, 10);
  static final long FLISTXATTR = number(196, 13);
  static final long FSETXATTR = number(190, 7);
  static final long FSTATFS = number(138, 44);
  static final long FSYNC = number(74, 82);
  static final long FTRUNCATE = number(77, 46);
  static final long GETDENTS64 = number(217, 61);
  static final long IOCTL = number(16, 29);
  static final long LINKAT = number(265, 37);
  static final long LSEEK = number(8, 62);
  static final long MKDIRAT = number(258, 34);
  static final long OPENAT = number(257, 56);
  static final long OPENAT2 = 437;
  static final long PREAD64 = number(17, 67);
  static final long PWRITE64 = number(18, 68);
  static final long READLINKAT = number(267, 78);
  static final long RENAMEAT2 = number(316, 276);
  static final long SENDFILE = number(40, 71);
  static final long STATX = number(332, 291);
  static final long SYMLINKAT = number(266, 36);
  static final long SYNC_FILE_RANGE = number(277, 84);
  static final long SYNCFS = number(306, 267);
  static final long UNLINKAT = number(263, 35);
  static final long UTIMENSAT = number(280, 88);

  // ---- Flags

  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_NO_AUTOMOUNT = 0x800;
  static final int AT_EMPTY_PATH = 0x1000;

  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0100;
  static final int O_EXCL = 0200;
  static final int O_NOCTTY = 0400;
  static final int O_NONBLOCK = 04000;
  static final int O_DIRECTORY = (int) number(0200000, 040000);
  static final int O_NOFOLLOW = (int) number(0400000, 0100000);
  static final int O_CLOEXEC = 02000000;
  static final int O_PATH = 010000000;

  static final int RESOLVE_NO_MAGICLINKS = 0x02;
  static final int RESOLVE_NO_SYMLINKS = 0x04;
  static final int RESOLVE_BENEATH = 0x08;

  static final int RENAME_NOREPLACE = 1;
  static final int FALLOC_FL_KEEP_SIZE = 1;
  static final int SEEK_SET = 0;
  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;
  static final int FICLONE = 0x40049409;
  static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;
  static final int SYNC_FILE_RANGE_WRITE = 2;
  static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;
  static final int FADV_SEQUENTIAL = 2;

  /** The basic status, and the number of the mount. */
  static final int STATX_MASK = 0x17ff;

  private LinuxNumbers() {}

  private static long number(long amd64, long aarch64) {
    return ARM ? aarch64 : amd64;
  }
}
