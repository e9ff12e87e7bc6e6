package dev.asyncops.http;

import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.validation.Validator;
import org.springframework.web.reactive.accept.RequestedContentTypeResolverBuilder;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** How bodies are read and answers are written. */
public final class HttpCodecs implements WebFluxConfigurer {

  private final int maxBodyBytes;
  private final BodyMemory memory;

  /**
   * Codecs that take JSON bodies up to this size; a larger one is 413.
   *
   * @param memory the bytes that all of them may take together while they are read, but one of the
   *     largest size always; one that does not fit is 429
   */
  public HttpCodecs(int maxBodyBytes, long memory) {
    this.maxBodyBytes = maxBodyBytes;
    this.memory = new BodyMemory(Math.max(maxBodyBytes, memory));
  }

  @Override
  public void configureContentTypeResolver(RequestedContentTypeResolverBuilder builder) {
    builder.resolver(new AcceptedTypes());
  }

  /**
   * Bodies are judged by those who know what they ask for; without this a provider is looked for.
   */
  @Override
  public Validator getValidator() {
    return Validator.forInstanceOf(Object.class, (_, _) -> {});
  }

  @Override
  public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
    configurer.customCodecs().register(new JsonBodyReader(maxBodyBytes, memory));
    configurer.defaultCodecs().jacksonJsonEncoder(new JacksonJsonEncoder(Json.WRITER));
  }
}
