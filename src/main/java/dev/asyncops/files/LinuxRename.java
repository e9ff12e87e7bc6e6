package dev.asyncops.files;

/**
 * A rename between two open directories. Results are those of the calls.
 *
 * @param from the directory that has the old name
 * @param to the directory that is to have the new one
 */
record LinuxRename(LinuxHandle from, String oldName, LinuxHandle to, String newName) {

  /** Whatever the new name is of, except a directory, gives way. */
  long replacing() {
    return rename(0);
  }

  /**
   * Fails with EEXIST if the new name is taken, in one step with the rename. A file system without
   * such a rename gets a hard link instead, which is as safe; for a directory there, and where
   * there are no hard links either, we look first and rename then.
   */
  long toFreeName() {
    long result = rename(LinuxNumbers.RENAME_NOREPLACE);
    boolean unknown = LinuxErrno.EINVAL.is(result) || LinuxErrno.ENOSYS.is(result);
    return unknown ? byLink() : result;
  }

  private long byLink() {
    long linked = LinuxCalls.linkat(from.number(), oldName, to.number(), newName);
    if (linked == 0) {
      return LinuxCalls.unlinkat(from.number(), oldName, 0);
    }
    return LinuxErrno.EEXIST.is(linked) ? linked : byLooking();
  }

  private long byLooking() {
    long there = LinuxCalls.statx(to.number(), newName);
    if (there == 0) {
      return LinuxErrno.EEXIST.result();
    }
    return LinuxErrno.ENOENT.is(there) ? rename(0) : there;
  }

  private long rename(int flags) {
    return LinuxCalls.renameat2(from.number(), oldName, to.number(), newName, flags);
  }
}
