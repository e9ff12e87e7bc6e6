package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.asyncops.async.OperationException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes extended attributes over, by handles.
 *
 * <p>What begins with {@code user.}, and access control lists, are kept or the call fails. What
 * belongs to the system ({@code security.}, {@code trusted.}) is kept where the process may set it
 * and the file system takes it: most of that is a matter of the host's policy. What the kernel
 * reckons from the content or the policy is not taken over.
 */
final class LinuxXattrs {

  private static final List<String> RECKONED =
      List.of("security.selinux", "security.ima", "security.evm");

  private LinuxXattrs() {}

  static void keep(RootPath source, RootPath target, LinuxHandle from, LinuxHandle to)
      throws OperationException {
    for (byte[] name : names(source, from)) {
      keep(source, target, from, to, name);
    }
  }

  private static void keep(
      RootPath source, RootPath target, LinuxHandle from, LinuxHandle to, byte[] name)
      throws OperationException {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    if (RECKONED.contains(text)) {
      return;
    }
    long length = LinuxCalls.fgetxattr(from.number(), name);
    if (LinuxErrno.ENODATA.is(length)) {
      return; // taken away since it was listed
    }
    check(length, source, source);
    long result = LinuxCalls.fsetxattr(to.number(), name, length);
    if (!(isSystems(text) && isRefused(result))) {
      check(result, source, target);
    }
  }

  private static boolean isSystems(String name) {
    return name.startsWith("security.") || name.startsWith("trusted.");
  }

  private static boolean isRefused(long result) {
    return LinuxErrno.EPERM.is(result)
        || LinuxErrno.EACCES.is(result)
        || LinuxErrno.EOPNOTSUPP.is(result);
  }

  /** None where the source's file system has none. */
  private static List<byte[]> names(RootPath source, LinuxHandle from) throws OperationException {
    long length = LinuxCalls.flistxattr(from.number());
    if (length == 0 || LinuxErrno.EOPNOTSUPP.is(length)) {
      return List.of();
    }
    check(length, source, source);
    byte[] all = LinuxMemory.ofThread().buffer.asSlice(0, length).toArray(JAVA_BYTE);
    List<byte[]> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == 0) {
        names.add(Arrays.copyOfRange(all, start, i));
        start = i + 1;
      }
    }
    return names;
  }

  private static void check(long result, RootPath source, RootPath target)
      throws OperationException {
    if (result < 0) {
      throw LinuxErrno.between(source, target, result);
    }
  }
}
