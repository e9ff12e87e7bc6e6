package dev.asyncops.config;

import dev.asyncops.store.StoreUnusableException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in two sentences why the service does not start on this registry, and what can be done. */
final class StoreFailureAnalyzer extends AbstractFailureAnalyzer<StoreUnusableException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, StoreUnusableException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
  }
}
