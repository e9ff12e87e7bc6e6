package dev.asyncops.store;

/**
 * Which PostgreSQL database has the registry, and who the service is there.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with any parameters of its driver
 * @param username empty for what the URL or the system says
 * @param password empty for none; never shown
 */
public record PostgresSettings(String url, String username, String password) {

  /** The database and who asks, without parameters and password. */
  @Override
  public String toString() {
    return username.isEmpty() ? name() : "%s as %s".formatted(name(), username);
  }

  /** The URL without its parameters, which may hold a password. */
  String name() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}
