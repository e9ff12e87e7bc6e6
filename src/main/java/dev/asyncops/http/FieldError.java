package dev.asyncops.http;

/**
 * What is wrong with one member of a request.
 *
 * @param pointer where, as a JSON pointer (RFC 6901); empty for the whole body
 * @param detail one sentence for people
 */
record FieldError(String pointer, String detail) {

  /** The pointer to a member of what another pointer leads to. */
  static String pointer(String parent, String member) {
    return parent + "/" + Texts.shown(member).replace("~", "~0").replace("/", "~1");
  }

  /** The pointer to an element of the array that another pointer leads to. */
  static String pointer(String parent, int index) {
    return parent + "/" + index;
  }
}
