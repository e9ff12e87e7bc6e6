package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.chart.Chart;
import dev.asyncops.chart.Manifests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.unit.DataSize;

/** The settings that the chart writes are ones that the service knows. */
class ChartSettingsTests {

  @Test
  void theDefaults_areRead() throws IOException {
    AsyncopsProperties properties = settings("{}");

    assertThat(properties.roots().get("data"))
        .isEqualTo(new AsyncopsProperties.RootSettings(Path.of("/roots/data"), false));
    assertThat(properties.stateDir()).isEqualTo(Path.of("/state"));
    assertThat(properties.store().isEmbedded()).isTrue();
    assertThat(properties.connect().allow()).hasSize(6);
    assertThat(properties.limits().queued()).isEqualTo(20_000);
    assertThat(properties.retention().maxAge()).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void everything_isRead() throws IOException {
    AsyncopsProperties properties = settings(Chart.EVERYTHING);

    assertThat(properties.roots())
        .containsOnlyKeys("data", "archive", "other", "scratch", "chart-test", "chart-test-source");
    assertThat(Objects.requireNonNull(properties.roots().get("archive")).readOnly()).isTrue();
    assertThat(properties.limits())
        .isEqualTo(
            new AsyncopsProperties.Limits(
                8,
                50_000,
                DataSize.ofMegabytes(64),
                6,
                DataSize.ofMegabytes(50),
                DataSize.ofMegabytes(32),
                500,
                Duration.ofSeconds(20)));
    assertThat(properties.retention().maxCount()).isEqualTo(5000);
    assertThat(properties.connect().allow()).containsExactly("10.1.0.0/16", "2001:db8::/32");
    assertThat(properties.connect().defaultPort()).isEqualTo(13);
    assertThat(properties.shutdown().drain()).isEqualTo(Duration.ofSeconds(45));
  }

  @Test
  void theLargestNumbers_areNotWrittenAsPowersOfTen() throws IOException {
    AsyncopsProperties properties =
        settings("{limits: {queued: 10000000}, retention: {maxCount: 100000000}}");

    assertThat(properties.limits().queued()).isEqualTo(10_000_000);
    assertThat(properties.retention().maxCount()).isEqualTo(100_000_000);
  }

  @Test
  void noNetworkAtAll_isNotTheDefault() throws IOException {
    assertThat(settings("connect: {allow: []}").connect().allow()).isEmpty();
  }

  private static AsyncopsProperties settings(String values) throws IOException {
    List<PropertySource<?>> sources =
        new YamlPropertySourceLoader()
            .load(
                "chart",
                new ByteArrayResource(
                    Manifests.of(values).settings().getBytes(StandardCharsets.UTF_8)));
    Map<?, ?> server = (Map<?, ?>) sources.getFirst().getSource();
    assertThat(server.get("server.port")).hasToString("8080");
    return new Binder(ConfigurationPropertySources.from(sources))
        .bind(
            "asyncops",
            Bindable.of(AsyncopsProperties.class),
            new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
        .get();
  }
}
