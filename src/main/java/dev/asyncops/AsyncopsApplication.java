package dev.asyncops;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts the service.
 *
 * <p>Only {@code dev.asyncops.config} is scanned: every bean is made by a {@code @Bean} method
 * there, so the wiring can be read in one place.
 */
@SpringBootApplication(scanBasePackages = "dev.asyncops.config")
public class AsyncopsApplication {

  /** Runs the service until the process is told to end. */
  public static void main(String[] args) {
    SpringApplication.run(AsyncopsApplication.class, args);
  }
}
