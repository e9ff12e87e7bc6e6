package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a path leads whose links the kernel refuses to follow below the root, because they
 * are absolute or go through a directory above it: inside the root all the same, or out of it.
 *
 * <p>Only links inside the root are read. What is found is opened like any other path, so nothing
 * depends on its still being true by then.
 */
final class LinuxLinks {

  private static final int MOST_LINKS = 40;

  private final int root;
  private final List<String> rootNames;

  /** Where we are, from the host's root directory. */
  private final List<String> at = new ArrayList<>();

  private final Deque<String> left = new ArrayDeque<>();
  private int links;

  private LinuxLinks(int root, List<String> rootNames) {
    this.root = root;
    this.rootNames = rootNames;
  }

  /**
   * The path without links.
   *
   * @param rootNames the way from the host's root directory to this root
   * @return null if it leads out of the root, or in circles
   */
  static @Nullable List<String> resolve(int root, List<String> rootNames, List<String> names) {
    LinuxLinks resolution = new LinuxLinks(root, rootNames);
    resolution.at.addAll(rootNames);
    resolution.left.addAll(names);
    return resolution.run();
  }

  private @Nullable List<String> run() {
    for (String name = left.poll(); name != null; name = left.poll()) {
      if (!advance(name)) {
        return null;
      }
    }
    return depth() < 0 ? null : List.copyOf(inside());
  }

  /** Goes on by one name; false if that is out of the root. */
  private boolean advance(String name) {
    if (name.equals("..")) {
      if (!at.isEmpty()) {
        at.removeLast();
      }
      return true;
    }
    at.add(name);
    if (depth() <= 0) { // on the way from above down to the root
      return name.equals(rootNames.get(at.size() - 1));
    }
    String target = target(inside());
    return target == null || follow(target);
  }

  private boolean follow(String target) {
    at.removeLast();
    if (target.startsWith("/")) {
      at.clear();
    }
    String[] names = target.split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      if (!names[i].isEmpty() && !names[i].equals(".")) {
        left.addFirst(names[i]);
      }
    }
    return ++links <= MOST_LINKS;
  }

  private int depth() {
    return at.size() - rootNames.size();
  }

  private List<String> inside() {
    return at.subList(rootNames.size(), at.size());
  }

  /** Where a link leads; null for what is none, or is not there: opening it will tell. */
  private @Nullable String target(List<String> names) {
    int flags = LinuxNumbers.O_PATH | LinuxNumbers.O_NOFOLLOW;
    long opened = LinuxCalls.openBeneath(root, names, flags, 0, LinuxNumbers.RESOLVE_NO_SYMLINKS);
    if (opened < 0) {
      return null;
    }
    try (LinuxHandle link = LinuxHandle.of(opened)) {
      long length = LinuxCalls.readlinkat(link.number(), "");
      return length < 0 ? null : NameBytes.decode(taken(length));
    }
  }

  /** The target that the last call on this thread has read. */
  static byte[] taken(long length) {
    return LinuxMemory.ofThread().buffer.asSlice(0, length).toArray(JAVA_BYTE);
  }
}
