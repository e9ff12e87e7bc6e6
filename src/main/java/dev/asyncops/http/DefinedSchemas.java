package dev.asyncops.http;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The schemas that the description defines, by name, and their members. */
final class DefinedSchemas {

  private final Components components;

  DefinedSchemas(Components components) {
    this.components = components;
  }

  void define(String name, Schema<?> schema) {
    components.addSchemas(name, schema);
  }

  /** The schema of a record or an enum. */
  Schema<?> of(Class<?> type) {
    return (Schema<?>)
        Objects.requireNonNull(components.getSchemas().get(RecordSchemas.nameOf(type)));
  }

  /** The schema of a member of a record. */
  Schema<?> member(Class<?> record, String name) {
    return (Schema<?>) Objects.requireNonNull(of(record).getProperties().get(name));
  }

  /** All of them. */
  void forEach(BiConsumer<String, Schema<?>> taker) {
    for (String name : new TreeSet<>(components.getSchemas().keySet())) {
      taker.accept(name, (Schema<?>) Objects.requireNonNull(components.getSchemas().get(name)));
    }
  }

  /** All members of a schema. */
  static void forEachMember(Schema<?> schema, BiConsumer<String, Schema<?>> taker) {
    Map<String, ?> members = Objects.requireNonNullElse(schema.getProperties(), Map.of());
    members.forEach((name, member) -> taker.accept(name, (Schema<?>) member));
  }

  /** Leaves out those that nothing refers to because it is no JSON, and puts the rest in order. */
  void tidy() {
    components.getSchemas().remove("DataBuffer");
    components.setSchemas(new TreeMap<>(components.getSchemas()));
  }
}
