package dev.asyncops.http;

/**
 * A header of an answer.
 *
 * @param isRequired whether it is in each of them
 */
record ApiHeader(String name, boolean isRequired) {

  static ApiHeader always(String name) {
    return new ApiHeader(name, true);
  }

  static ApiHeader maybe(String name) {
    return new ApiHeader(name, false);
  }
}
