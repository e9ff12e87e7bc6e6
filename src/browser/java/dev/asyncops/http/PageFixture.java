package dev.asyncops.http;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service, and a browser that shows its page and listens. */
@Timeout(180)
abstract class PageFixture {

  @TempDir Path directory;

  TestService service;
  Browser browser;

  @BeforeEach
  void start() throws IOException {
    service = TestService.start(directory, "asyncops.shutdown.drain=0s");
    browser = new Browser(service);
    browser.awaitText("#connection", "Live");
  }

  @AfterEach
  void stop() {
    try (TestService _ = service;
        Browser _ = browser) {
      // Both, also if there is no browser, or it does not end.
    }
  }
}
