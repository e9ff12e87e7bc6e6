package dev.asyncops.registry;

import java.util.Objects;

/**
 * A JSON value as text: written once, kept and shown as it is, never read on the way.
 *
 * @param text one JSON value; whoever makes it answers for that
 */
public record JsonText(String text) {

  /** Checks that it is there. */
  public JsonText {
    Objects.requireNonNull(text, "text");
  }

  @Override
  public String toString() {
    return text;
  }
}
