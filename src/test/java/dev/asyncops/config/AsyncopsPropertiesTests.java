package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.config.AsyncopsProperties.RootSettings;
import dev.asyncops.store.PostgresSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/** What an operator may set, its defaults, and what is said about a mistake. */
class AsyncopsPropertiesTests {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withUserConfiguration(PropertiesOnly.class);

  @Test
  void withoutAnyProperty_theDefaultsAreThoseOfTheContract() {
    runner.run(context -> {
      AsyncopsProperties properties = context.getBean(AsyncopsProperties.class);

      assertThat(properties.roots()).isEmpty();
      assertThat(properties.store()).isEqualTo(new AsyncopsProperties.Store("", "", ""));
      assertThat(properties.store().isEmbedded()).isTrue();
      assertThat(properties.limits().running()).isEqualTo(64);
      assertThat(properties.limits().queued()).isEqualTo(100_000);
      assertThat(properties.limits().effectiveIoThreads())
          .isEqualTo(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
      assertThat(properties.limits().bytesPerSecond()).isNull();
      assertThat(properties.limits().bodyBytes()).isEqualTo(DataSize.ofMegabytes(16));
      assertThat(properties.limits().eventSubscribers()).isEqualTo(10_000);
      assertThat(properties.limits().requestTimeout()).isEqualTo(Duration.ofSeconds(30));
      assertThat(properties.retention().maxAge()).isEqualTo(Duration.ofDays(7));
      assertThat(properties.retention().maxCount()).isEqualTo(1_000_000);
      assertThat(properties.connect().allow())
          .containsExactly(
              "127.0.0.0/8",
              "::1/128",
              "10.0.0.0/8",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "fc00::/7");
      assertThat(properties.connect().defaultPort()).isEqualTo(123);
      assertThat(properties.auth())
          .isEqualTo(new AsyncopsProperties.Auth(AsyncopsProperties.AuthMode.NONE, false, null));
      assertThat(properties.shutdown().drain()).isEqualTo(Duration.ofSeconds(10));
    });
  }

  @Test
  void everyProperty_isRead() {
    runner
        .withPropertyValues(
            "asyncops.roots.data.path=/srv/data",
            "asyncops.roots.archive-1.path=/srv/archive",
            "asyncops.roots.archive-1.read-only=true",
            "asyncops.store.url=jdbc:postgresql://db/ops?password=secret",
            "asyncops.store.username=ops",
            "asyncops.store.password=secret",
            "asyncops.limits.running=3",
            "asyncops.limits.queued=1",
            "asyncops.limits.memory=2MB",
            "asyncops.limits.io-threads=5",
            "asyncops.limits.bytes-per-second=10MB",
            "asyncops.limits.body-bytes=1MB",
            "asyncops.limits.event-subscribers=7",
            "asyncops.limits.request-timeout=1500ms",
            "asyncops.retention.max-age=1h",
            "asyncops.retention.max-count=7",
            "asyncops.connect.allow=192.0.2.0/24,2001:db8::/32",
            "asyncops.connect.default-port=65535",
            "asyncops.auth.mode=token",
            "asyncops.auth.allow-anonymous=true",
            "asyncops.auth.tokens-file=/etc/tokens.yaml",
            "asyncops.shutdown.drain=0s")
        .run(context -> {
          AsyncopsProperties properties = context.getBean(AsyncopsProperties.class);

          assertThat(properties.roots())
              .containsOnlyKeys("data", "archive-1")
              .containsEntry("data", new RootSettings(Path.of("/srv/data"), false))
              .containsEntry("archive-1", new RootSettings(Path.of("/srv/archive"), true));
          assertThat(properties.store().settings())
              .isEqualTo(
                  new PostgresSettings(
                      "jdbc:postgresql://db/ops?password=secret", "ops", "secret"));
          assertThat(properties.toString())
              .contains("jdbc:postgresql://db/ops as ops")
              .doesNotContain("secret");
          assertThat(properties.limits())
              .isEqualTo(
                  new AsyncopsProperties.Limits(
                      3,
                      1,
                      DataSize.ofMegabytes(2),
                      5,
                      DataSize.ofMegabytes(10),
                      DataSize.ofMegabytes(1),
                      7,
                      Duration.ofMillis(1500)));
          assertThat(properties.retention())
              .isEqualTo(new AsyncopsProperties.Retention(Duration.ofHours(1), 7));
          assertThat(properties.connect().allow()).containsExactly("192.0.2.0/24", "2001:db8::/32");
          assertThat(properties.connect().defaultPort()).isEqualTo(65_535);
          assertThat(properties.auth())
              .isEqualTo(
                  new AsyncopsProperties.Auth(
                      AsyncopsProperties.AuthMode.TOKEN, true, Path.of("/etc/tokens.yaml")));
          assertThat(properties.shutdown().drain()).isZero();
        });
  }

  @Test
  void anEmptyListOfNetworks_allowsNone() {
    runner
        .withPropertyValues("asyncops.connect.allow=")
        .run(context ->
            assertThat(context.getBean(AsyncopsProperties.class).connect().allow()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "asyncops.limit.running",
        "asyncops.limits.runing",
        "asyncops.roots.data.readonly-typo",
        "asyncops.auth.tokens"
      })
  void anUnknownProperty_endsTheStartAndIsNamed(String property) {
    runner
        .withPropertyValues("asyncops.roots.data.path=/srv", property + "=1")
        .run(failsWithAMessageThatNames(property));
  }

  @ParameterizedTest
  @CsvSource({
    "asyncops.limits.running, 0",
    "asyncops.limits.running, 10001",
    "asyncops.limits.running, many",
    "asyncops.limits.queued, 0",
    "asyncops.limits.queued, 10000001",
    "asyncops.limits.memory, 1023KB",
    "asyncops.limits.io-threads, 0",
    "asyncops.limits.io-threads, 1025",
    "asyncops.limits.bytes-per-second, 0B",
    "asyncops.limits.bytes-per-second, -1MB",
    "asyncops.limits.body-bytes, 1023B",
    "asyncops.limits.body-bytes, 2GB",
    "asyncops.limits.event-subscribers, 0",
    "asyncops.limits.event-subscribers, 1000001",
    "asyncops.limits.request-timeout, 99ms",
    "asyncops.limits.request-timeout, 61m",
    "asyncops.retention.max-age, 0s",
    "asyncops.retention.max-age, -1d",
    "asyncops.retention.max-age, 3651d",
    "asyncops.retention.max-count, 0",
    "asyncops.connect.default-port, 0",
    "asyncops.connect.default-port, 65536",
    "asyncops.auth.mode, some",
    "asyncops.auth.allow-anonymous, maybe",
    "asyncops.shutdown.drain, -1s",
    "asyncops.shutdown.drain, 61m",
    "asyncops.shutdown.drain, soon"
  })
  void aBadValue_endsTheStartAndIsNamed(String property, String value) {
    runner.withPropertyValues(property + "=" + value).run(failsWithAMessageThatNames(property));
  }

  @Test
  void aRootWithoutAPath_endsTheStartAndIsNamed() {
    runner
        .withPropertyValues("asyncops.roots.data.read-only=true")
        .run(failsWithAMessageThatNames("asyncops.roots.data.path"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[Data]", "[-x]", "[a_b]", "[../x]", "a23456789-123456789-123456789-123"})
  void aBadNameOfARoot_endsTheStartAndIsNamed(String name) {
    runner
        .withPropertyValues("asyncops.roots." + name + ".path=/srv")
        .run(
            failsWithAMessageThatNames("asyncops.roots." + name.replace("[", "").replace("]", "")));
  }

  private static ContextConsumer<AssertableApplicationContext> failsWithAMessageThatNames(
      String property) {
    return context -> {
      assertThat(context).hasFailed();
      FailureAnalysis analysis = StartFailures.analyze(context.getStartupFailure());
      assertThat(analysis.getDescription()).contains(property);
    };
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(AsyncopsProperties.class)
  static class PropertiesOnly {}
}
