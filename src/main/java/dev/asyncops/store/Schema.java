package dev.asyncops.store;

import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** The tables of this version: the same migrations for every database. */
final class Schema {

  private Schema() {}

  /**
   * Brings a database to this version's tables. Blocks.
   *
   * @param database as the operator knows it
   * @param elsewhere how the operator would take another one
   * @throws StoreUnusableException if it is of a newer version; then it is left as it is
   * @throws FlywayException if that failed
   */
  static void migrate(DataSource source, String database, String elsewhere) {
    Flyway flyway =
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(source)
            .locations("classpath:db/migration")
            .failOnMissingLocations(true)
            .load();
    MigrationInfo[] applied = flyway.info().applied();
    Arrays.stream(applied)
        .filter(migration -> migration.getState().isFailed() || !migration.getState().isResolved())
        .findFirst()
        .ifPresent(newer -> {
          throw new StoreUnusableException(
              "The registry '%s' was written by a newer version of the service (schema %s)."
                  .formatted(database, newer.getVersion()),
              "Start that version, or " + elsewhere + ".",
              null);
        });
    flyway.migrate();
  }
}
