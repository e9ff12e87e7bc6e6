package dev.asyncops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.asyncops.files.PathBytes;
import dev.asyncops.files.PathReader;
import dev.asyncops.files.Root;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import java.util.stream.Stream;

/**
 * States which room may import what: arrows go down only.
 *
 * <p>Every room may use itself, the JDK and JSpecify; its rule says what else. A room that is still
 * empty passes. Rooms have no sub-packages.
 */
@AnalyzeClasses(packages = "dev.asyncops", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

  private static final String FRONT_DOOR = "dev.asyncops";
  private static final String CONFIG = "dev.asyncops.config";
  private static final String HTTP = "dev.asyncops.http";
  private static final String SECURITY = "dev.asyncops.security";
  private static final String OBSERVABILITY = "dev.asyncops.observability";
  private static final String STORE = "dev.asyncops.store";
  private static final String OPERATIONS = "dev.asyncops.operations";
  private static final String REGISTRY = "dev.asyncops.registry";
  private static final String FILES = "dev.asyncops.files";
  private static final String ASYNC = "dev.asyncops.async";

  private static final String SPRING = "org.springframework..";
  private static final String REACTOR = "reactor..";

  /** What Reactor Netty speaks of: methods and status codes, connections and their event loops. */
  private static final String NETTY = "io.netty..";

  private static final String MICROMETER = "io.micrometer..";
  private static final String SLF4J = "org.slf4j..";
  private static final String YAML = "org.yaml.snakeyaml..";
  private static final String[] JACKSON = {"tools.jackson..", "com.fasterxml.jackson.annotation.."};

  /** What describes the API; it hands over types as Jackson 2 has them. */
  private static final String[] OPENAPI = {
    "io.swagger.v3..", "org.springdoc..", "com.fasterxml.jackson.databind.type.."
  };

  /** Everything through which a room could reach a database. */
  private static final String[] JDBC = {
    "java.sql..",
    "javax.sql..",
    "org.springframework.dao..",
    "org.springframework.jdbc..",
    "org.springframework.transaction..",
    "org.flywaydb..",
    "org.sqlite..",
  };

  @ArchTest static final ArchRule frontDoor = room(FRONT_DOOR).mayImport(CONFIG, SPRING);

  @ArchTest
  static final ArchRule config =
      room(CONFIG)
          .mayImport(
              and(
                  OPENAPI,
                  HTTP,
                  SECURITY,
                  OBSERVABILITY,
                  STORE,
                  OPERATIONS,
                  REGISTRY,
                  FILES,
                  ASYNC,
                  SPRING));

  @ArchTest
  static final ArchRule http =
      room(HTTP)
          .mayImport(
              and(
                  and(JACKSON, OPENAPI),
                  SECURITY,
                  OPERATIONS,
                  REGISTRY,
                  FILES,
                  ASYNC,
                  SPRING,
                  REACTOR,
                  NETTY));

  /** What http needs of files is the reading of paths; it touches none. */
  @ArchTest
  static final ArchRule httpOnlyReadsPaths =
      classes()
          .that()
          .resideInAPackage(FILES)
          .and()
          .doNotBelongToAnyOf(
              PathBytes.class, PathReader.class, Root.class, RootPath.class, Roots.class)
          .should()
          .onlyHaveDependentClassesThat()
          .resideOutsideOfPackage(HTTP);

  @ArchTest
  static final ArchRule security =
      room(SECURITY).mayImport(REGISTRY, ASYNC, SPRING, REACTOR, SLF4J, YAML);

  /** Elsewhere who calls is a record, whatever has told it. */
  @ArchTest
  static final ArchRule onlySecurityKnowsSpringSecurity =
      noClasses()
          .that()
          .resideOutsideOfPackages(SECURITY, CONFIG)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework.security..");

  @ArchTest
  static final ArchRule observability =
      room(OBSERVABILITY).mayImport(REGISTRY, ASYNC, MICROMETER, SLF4J, SPRING);

  @ArchTest
  static final ArchRule store = room(STORE).mayImport(and(and(JDBC, JACKSON), REGISTRY, ASYNC));

  @ArchTest static final ArchRule operations = room(OPERATIONS).mayImport(FILES, ASYNC);

  @ArchTest static final ArchRule registry = room(REGISTRY).mayImport(ASYNC);

  @ArchTest static final ArchRule files = room(FILES).mayImport(ASYNC);

  @ArchTest static final ArchRule async = room(ASYNC).mayImport();

  @ArchTest
  static final ArchRule thereAreNoOtherRooms =
      classes()
          .should()
          .resideInAnyPackage(
              FRONT_DOOR,
              CONFIG,
              HTTP,
              SECURITY,
              OBSERVABILITY,
              STORE,
              OPERATIONS,
              REGISTRY,
              FILES,
              ASYNC);

  @ArchTest
  static final ArchRule onlyTheStoreTalksToDatabases =
      noClasses()
          .that()
          .resideOutsideOfPackages(STORE, CONFIG)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JDBC);

  @ArchTest
  static final ArchRule noCyclesBetweenRooms =
      slices().matching("dev.asyncops.(*)").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule noFieldInjection =
      NO_CLASSES_SHOULD_USE_FIELD_INJECTION.allowEmptyShould(true);

  private static Room room(String ownPackage) {
    return new Room(ownPackage);
  }

  private static String[] and(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  private record Room(String ownPackage) {

    ArchRule mayImport(String... others) {
      return classes()
          .that()
          .resideInAPackage(ownPackage)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(and(others, ownPackage, "java..", "javax..", "org.jspecify.."))
          .allowEmptyShould(true);
    }
  }
}
