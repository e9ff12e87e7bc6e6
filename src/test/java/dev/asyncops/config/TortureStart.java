package dev.asyncops.config;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A start that a client asks for until it is answered, always with the same key. */
final class TortureStart {

  /** Judges an operation that is over by what is on the disk. */
  @FunctionalInterface
  interface Check {

    void check(JsonNode ended);
  }

  final int number;
  final String path;
  final String body;

  /** How many items it adds to a batch that others join; 0 if it has an operation for itself. */
  final int joined;

  private final Check check;
  private volatile @Nullable String id;

  TortureStart(int number, String path, String body, int joined, Check check) {
    this.number = number;
    this.path = path;
    this.body = body;
    this.joined = joined;
    this.check = check;
  }

  String key() {
    return "torture-" + number;
  }

  /** Takes the id it is answered with, which is always the same. */
  void answered(String given) {
    String before = id;
    if (before != null && !before.equals(given)) {
      throw new AssertionError("%s: %s, but %s before".formatted(this, given, before));
    }
    id = given;
  }

  String id() {
    return Objects.requireNonNull(id, "not answered");
  }

  boolean isAnswered() {
    return id != null;
  }

  void check(JsonNode ended) {
    check.check(ended);
  }

  @Override
  public String toString() {
    return key() + " POST " + path + " " + (body.length() > 400 ? body.substring(0, 400) : body);
  }
}
