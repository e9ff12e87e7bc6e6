package dev.asyncops.files;

import java.net.URI;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Names of entries as {@link RootPath} has them, and as {@link Path} has them: the same bytes.
 *
 * <p>A path's text is lossy where a name is not valid in the platform's encoding, and cannot even
 * be made where the process runs in the C locale; its URI holds the bytes in every case. The detour
 * is taken only for names that need it.
 */
final class NioNames {

  private static final boolean UTF_8 = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));

  private NioNames() {}

  /** The entry of a directory with that name. */
  static Path resolve(Path directory, String name) {
    return isPlain(name) ? directory.resolve(name) : Path.of(uri(directory, name));
  }

  /** The name of an entry. */
  static String nameOf(Path entry) {
    String name = String.valueOf(entry.getFileName());
    boolean plain = isPlain(name) && name.indexOf('\uFFFD') < 0;
    return plain ? name : NameBytes.decode(lastSegment(entry.toUri().getRawPath()));
  }

  private static boolean isPlain(String name) {
    return name.chars().allMatch(c -> c < 0x80 || (UTF_8 && !isEscape((char) c)));
  }

  /** Also true for the second half of a pair; the detour does no harm there. */
  private static boolean isEscape(char c) {
    return Character.isLowSurrogate(c);
  }

  private static URI uri(Path directory, String name) {
    String parent = directory.toUri().toString();
    StringBuilder uri = new StringBuilder(parent);
    if (!parent.endsWith("/")) {
      uri.append('/');
    }
    for (byte b : NameBytes.encode(name)) {
      uri.append('%').append(HexFormat.of().toHexDigits(b));
    }
    return URI.create(uri.toString());
  }

  private static byte[] lastSegment(String rawPath) {
    int end = rawPath.endsWith("/") ? rawPath.length() - 1 : rawPath.length();
    String segment = rawPath.substring(rawPath.lastIndexOf('/', end - 1) + 1, end);
    return NameBytes.decodePercent(segment);
  }
}
