package dev.asyncops.http;

/** A request is for something that is no address. */
final class MalformedTargetException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MalformedTargetException() {
    super("The target is no address.", null, false, false);
  }
}
