package dev.asyncops.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Properties;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/**
 * A page that shows the description of the API and tries it: Swagger UI, from the jar. It finds the
 * description, and the service, by where the page itself is, so it works behind any proxy.
 */
@RestController
public final class ApiPage implements WebFluxConfigurer {

  private static final String WEBJAR = "org.webjars/swagger-ui";

  /** The server of the description is the one the page came from, with what a proxy puts before. */
  private static final String INITIALIZER =
      """
      window.onload = async () => {
        const answer = await fetch('../v3/api-docs');
        const spec = await answer.json();
        spec.servers = [{url: new URL('..', window.location.href).pathname}];
        window.ui = SwaggerUIBundle({
          spec,
          dom_id: '#swagger-ui',
          deepLinking: true,
          validatorUrl: null,
          presets: [SwaggerUIBundle.presets.apis],
          layout: 'BaseLayout'
        });
      };
      """;

  /** Leads to the page. */
  @GetMapping("/swagger-ui.html")
  public ResponseEntity<Void> redirect(ServerHttpRequest request) {
    String page = ForwardedPrefix.path(request, "/swagger-ui/index.html");
    return ResponseEntity.status(HttpStatus.FOUND).location(URI.create(page)).build();
  }

  /** What the page does when it is loaded. */
  @GetMapping(path = "/swagger-ui/swagger-initializer.js", produces = "text/javascript")
  public ResponseEntity<String> initializer() {
    return ResponseEntity.ok().cacheControl(CacheControl.noCache()).body(INITIALIZER);
  }

  /** Serves the page, and nothing else. */
  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler("/swagger-ui/**")
        .addResourceLocations(
            "classpath:/META-INF/resources/webjars/swagger-ui/%s/".formatted(version()));
  }

  private static String version() {
    try {
      Properties made =
          PropertiesLoaderUtils.loadProperties(
              new ClassPathResource("META-INF/maven/%s/pom.properties".formatted(WEBJAR)));
      return made.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
