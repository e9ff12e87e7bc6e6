package dev.asyncops.http;

/** The codes of what HTTP itself refuses, before any operation is thought of. */
enum FrameworkCode {
  /** Nobody says who they are, or in a way that is not believed. */
  UNAUTHENTICATED(401),
  /** The address is not for this method. */
  METHOD_NOT_ALLOWED(405),
  /** The answer could not be written as the client wants it. */
  NOT_ACCEPTABLE(406),
  /** The rest of the body does not come. The error of an operation of this name is a 504. */
  TIMED_OUT(408),
  /** The operation has another revision than the client means. */
  PRECONDITION_FAILED(412),
  /** The body is written as something that is not read here. */
  UNSUPPORTED_MEDIA_TYPE(415);

  private final int status;

  FrameworkCode(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }
}
