package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page where the service is not simply there: cut off, behind a proxy, or wanting a token. */
@Timeout(180)
class PageStreamBrowserTests {

  private static final String WANTS_TOKEN =
      """
      const send = window.fetch;
      window.sent = [];
      window.fetch = (path, options) => {
        const token = new Headers(options.headers).get('Authorization');
        window.sent.push(`${path.split('?')[0]} ${token}`);
        return token === 'Bearer secret'
            ? send(path, options)
            : Promise.resolve(new Response('{}', { status: 401 }));
      };
      """;

  @TempDir Path directory;

  @Test
  void serviceThatRestarts_isFoundAgain_withWhatHappenedMeanwhile() throws IOException {
    TestService first = TestService.start(directory);
    try (Relay relay = new Relay(first.port());
        Browser browser = new Browser("http://127.0.0.1:%d/".formatted(relay.port()))) {
      browser.awaitText("#connection", "Live");
      first.close();
      browser.awaitText("#connection", "Connection lost");

      try (TestService second = TestService.start(directory)) {
        second.ended(
            second.started("/ops/delete-batch", "{\"paths\":[],\"labels\":{\"n\":\"1\"}}"));
        relay.leadTo(second.port());
        browser.awaitText("#connection", "Live");
        browser.awaitText("#list > li", "n=1");

        second.started("/ops/delete-batch", "{\"paths\":[],\"labels\":{\"n\":\"2\"}}");
        browser.awaitText("#list > li", "n=2");
      }
    } finally {
      first.close();
    }
  }

  @Test
  void connectionThatIsCut_isResumedWhereItWas() throws IOException {
    try (TestService service = TestService.start(directory);
        Relay relay = new Relay(service.port());
        Browser browser = new Browser("http://127.0.0.1:%d/".formatted(relay.port()))) {
      browser.awaitText("#connection", "Live");
      browser.run(
          """
          const send = window.fetch;
          window.resumed = [];
          window.fetch = (path, options) => {
            window.resumed.push(new Headers(options.headers).get('Last-Event-ID'));
            return send(path, options);
          };
          """);
      relay.leadTo(0);
      browser.awaitText("#connection", "Connection lost");
      service.ended(service.started("/ops/delete-batch", "{\"paths\":[]}"));
      relay.leadTo(service.port());

      browser.awaitText("#list > li", "SUCCEEDED");
      assertThat(browser.run("return window.resumed.some(id => /^[0-9a-f]+-[0-9]+$/.test(id))"))
          .isEqualTo(true);
    }
  }

  @Test
  void tokenThatIsWanted_isAskedFor_keptForTheTab_andSentWithEverything() throws IOException {
    try (TestService service = TestService.start(directory);
        Browser browser = new Browser(service)) {
      browser.runFirst(WANTS_TOKEN);
      browser.reload();
      browser.awaitText("#token-why", "wants to know");
      browser.press("wrong", Keys.ENTER);
      browser.awaitText("#token-why", "did not accept");
      browser.press("secret", Keys.ENTER);
      browser.awaitText("#connection", "Live");

      service.started("/ops/delete-batch", "{\"paths\":[]}");
      browser.awaitText("#list > li", "SUCCEEDED");
      browser.reload();
      browser.awaitText("#list > li", "SUCCEEDED");
      assertThat(browser.run("return window.sent.every(each => each.endsWith(' Bearer secret'))"))
          .isEqualTo(true);
      assertThat(browser.run("return window.sent.includes('ops/events Bearer secret')"))
          .isEqualTo(true);
      assertThat(browser.run("return localStorage.length + document.cookie.length")).isEqualTo(0L);
    }
  }

  @Test
  void pathBeforeThePage_changesNothing() throws IOException {
    try (TestService service =
            TestService.start(directory, "spring.webflux.base-path=/tools/asyncops");
        Browser browser =
            new Browser("http://127.0.0.1:%d/tools/asyncops/".formatted(service.port()))) {
      browser.awaitText("#connection", "Live");
      browser.openForm(2);
      browser.type("#delete-batch-paths", "data:missing");
      browser.click("#starts details:nth-of-type(2) button");
      browser.awaitText("#items > li", "NOT_FOUND");
    }
  }

  @Test
  void streamCutAnywhere_isReadTheSame() throws IOException {
    try (TestService service = TestService.start(directory);
        Browser browser = new Browser(service)) {
      Object found =
          browser.runAsync(
              """
              const done = arguments[arguments.length - 1];
              import('./page/stream.js').then(({ EventParser }) => {
                const text = 'retry: 1234\\n\\n:\\n\\nid: a-1\\r\\nevent: state\\r\\ndata: 1\\r\\ndata:  2\\r\\n\\r\\n'
                    + 'retry: x\\rid: b\\0\\rdata\\r\\revent: lost\\n\\ndata: x\\n\\ndata: never';
                const read = (...parts) => {
                  const parser = new EventParser();
                  const events = parts.flatMap(part => parser.read(part));
                  return JSON.stringify([events, parser.lastId, parser.retryMillis]);
                };
                const all = new Set([...text].map((_, at) => read(text.slice(0, at), text.slice(at))));
                all.add(read(...text));
                done([...all].join('|'));
              }, error => done(String(error)));
              """);

      assertThat(found)
          .isEqualTo(
              """
              [[{"type":"state","data":"1\\n 2"},{"type":"message","data":""},\
              {"type":"message","data":"x"}],"a-1",1234]\
              """);
    }
  }
}
