package dev.asyncops.http;

import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.web.reactive.accept.RequestedContentTypeResolverBuilder;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** How bodies are read and answers are written. */
public final class HttpCodecs implements WebFluxConfigurer {

  private final int maxBodyBytes;

  /** Codecs that take request bodies up to this size; a larger one is 413. */
  public HttpCodecs(int maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public void configureContentTypeResolver(RequestedContentTypeResolverBuilder builder) {
    builder.resolver(new AcceptedTypes());
  }

  @Override
  public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
    configurer.customCodecs().register(new JsonBodyReader(maxBodyBytes));
    configurer.defaultCodecs().jacksonJsonEncoder(new JacksonJsonEncoder(Json.WRITER));
  }
}
