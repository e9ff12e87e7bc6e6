package dev.asyncops.tutorial;

/** Is given what a server said, on the main context. */
@FunctionalInterface
interface MessageHandler {

  /** What it throws becomes the error of the operation that called it (S12). */
  void handle(String message) throws Exception;
}
