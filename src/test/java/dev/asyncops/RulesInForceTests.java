package dev.asyncops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every rule in force has a test that is named after it, and no test cites a rule that is not.
 *
 * <p>The ids stand at the beginning of a test's name, each with an underscore behind it: {@code
 * t10_secondReturn_isRefused} is a test of T10, {@code k8_k9_…} one of K8 and K9.
 */
class RulesInForceTests {

  /** A: the shape of the API. Some of it is proven over HTTP, see {@link #ELSEWHERE}. */
  private static final Set<String> API = rules("A", 9);

  private static final Set<String> TASK = rules("T", 27);
  private static final Set<String> RUN_IN_THREAD = rules("R", 14);
  private static final Set<String> CANCELLABLE = rules("C", 25);
  private static final Set<String> MAIN_CONTEXT = rules("M", 23);
  private static final Set<String> COPY = rules("K", 10);
  private static final Set<String> SERIES = rules("S", 14);
  private static final Set<String> PARALLEL = rules("P", 16);
  private static final Set<String> LIFETIMES = rules("L", 10);

  /** I: where the core meets Reactor, which is in the web layer only. */
  private static final Set<String> INTEROPERATION = rules("I", 6);

  /** No rules, but tests may say which weak point of the tutorial's samples they rule out. */
  private static final Set<String> WEAK_POINTS = rules("D", 18);

  /** Nor these: what GLib's users run into. */
  private static final Set<String> COMPLAINTS = rules("G", 24);

  /** Of the families of the core: proven in the rooms above it. */
  private static final Set<String> ELSEWHERE = Set.of("A2", "A6", "A7", "A8", "R12");

  private static final Map<String, String> NOT_IN_FORCE =
      Map.of(
          "C19", "there is no current cancellable: it is passed as an argument",
          "C21", "a handler closes the socket or wakes the selector; no descriptor is polled",
          "I1", "nobody needs a task as a future",
          "I2", "a subscription never starts or cancels an operation: it outlives its request (L7)",
          "I3", "no value is handed to a subscriber, only snapshots",
          "I5", "there is no future or Mono that could cancel anything",
          "I6", "files are touched by platform threads, a bounded pool for each root",
          "M17", "there is one context, so there is no stack of thread-default ones",
          "R14", "there is no current cancellable, see C19");

  private static final Pattern CITED = Pattern.compile("^(?:[a-z]\\d+_)+");

  @Test
  void everyRuleOfTheCore_hasATest() {
    Set<String> inForce = inForce(Stream.of(API, TASK, RUN_IN_THREAD, CANCELLABLE, MAIN_CONTEXT));
    inForce.removeAll(ELSEWHERE);

    assertThat(withoutTest(inForce)).as("rules without a test").isEmpty();
  }

  @Test
  void everyRuleOfTheOperations_hasATest() {
    Set<String> inForce =
        inForce(Stream.of(COPY, SERIES, PARALLEL, LIFETIMES, INTEROPERATION, ELSEWHERE));

    assertThat(withoutTest(inForce)).as("rules without a test").isEmpty();
  }

  @Test
  void noTest_citesARuleThatIsNotInForce() {
    Set<String> citable =
        inForce(
            Stream.of(
                API,
                TASK,
                RUN_IN_THREAD,
                CANCELLABLE,
                MAIN_CONTEXT,
                COPY,
                SERIES,
                PARALLEL,
                LIFETIMES,
                INTEROPERATION,
                WEAK_POINTS,
                COMPLAINTS));

    List<String> wrong =
        testNames().filter(name -> !citable.containsAll(citedBy(name).toList())).toList();

    assertThat(wrong).as("tests of rules that are not in force").isEmpty();
  }

  private static Set<String> rules(String family, int last) {
    return IntStream.rangeClosed(1, last)
        .mapToObj(number -> family + number)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> inForce(Stream<Set<String>> families) {
    Set<String> inForce = new TreeSet<>();
    families.forEach(inForce::addAll);
    inForce.removeAll(NOT_IN_FORCE.keySet());
    return inForce;
  }

  private static Set<String> withoutTest(Set<String> inForce) {
    Set<String> untested = new TreeSet<>(inForce);
    testNames().flatMap(RulesInForceTests::citedBy).forEach(untested::remove);
    return untested;
  }

  private static Stream<String> citedBy(String testName) {
    Matcher cited = CITED.matcher(testName);
    return cited.find()
        ? Arrays.stream(cited.group().toUpperCase(Locale.ROOT).split("_", 0))
        : Stream.of();
  }

  private static Stream<String> testNames() {
    try (Stream<Path> files = Files.walk(testClasses())) {
      return files
          .filter(file -> file.toString().endsWith("Tests.class"))
          .flatMap(RulesInForceTests::testNamesIn)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path testClasses() {
    try {
      return Path.of(
          RulesInForceTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<String> testNamesIn(Path classFile) {
    try {
      return ClassFile.of().parse(classFile).methods().stream()
          .filter(RulesInForceTests::isTest)
          .map(method -> method.methodName().stringValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a test engine runs the method: JUnit's annotations, and jqwik's if it is there. */
  private static boolean isTest(MethodModel method) {
    return method
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .map(RuntimeVisibleAnnotationsAttribute::annotations)
        .orElse(List.of())
        .stream()
        .map(Annotation::className)
        .map(name -> name.stringValue())
        .anyMatch(name -> name.endsWith("Test;") || name.endsWith("/Property;"));
  }
}
