package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What an operator reads when the service does not start, as Boot finds it. */
final class StartFailures {

  private StartFailures() {}

  /** What the first analyzer that knows the failure says; without one a stack trace is shown. */
  static FailureAnalysis analyze(@Nullable Throwable failure) {
    assertThat(failure).isNotNull();
    FailureAnalysis analysis =
        SpringFactoriesLoader.forDefaultResourceLocation()
            .load(FailureAnalyzer.class, (_, _, _) -> {})
            .stream()
            .map(analyzer -> analyzer.analyze(Objects.requireNonNull(failure)))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    assertThat(analysis).as("analysis of %s", failure).isNotNull();
    return Objects.requireNonNull(analysis);
  }
}
