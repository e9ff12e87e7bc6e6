package dev.asyncops.files;

import java.nio.file.attribute.FileTime;

/**
 * What the file system says about an entry, links not followed.
 *
 * @param type what it is
 * @param size in bytes
 * @param mode the permission bits, e.g. 0644, set-id and sticky bits included
 * @param modified the time of the last change of the content
 * @param accessed the time of the last read
 * @param links the number of names it has
 * @param device the file system it is on
 * @param inode its number there; two names with equal device and inode are one file
 * @param uid the owner's number
 * @param gid the group's number
 */
public record FileStatus(
    Type type,
    long size,
    int mode,
    FileTime modified,
    FileTime accessed,
    long links,
    long device,
    long inode,
    int uid,
    int gid) {

  /** What kind of entry. */
  public enum Type {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    SYMLINK,
    /** A FIFO, socket or device. */
    OTHER
  }

  /** Whether both are files with the same content, as far as size and time of change tell. */
  public boolean hasContentOf(FileStatus other) {
    return type == Type.FILE
        && other.type == Type.FILE
        && size == other.size
        && modified.equals(other.modified);
  }

  /** Whether both are the same file. */
  public boolean isSameFileAs(FileStatus other) {
    return device == other.device && inode == other.inode;
  }
}
