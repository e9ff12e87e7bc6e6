package dev.asyncops.http;

import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.accept.HeaderContentTypeResolver;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a client accepts, without the parameters: JSON has none (RFC 8259). With them an answer
 * would be written in the charset, or labelled with the version, that a client made up; and what
 * cannot be written would be found out after the operation has begun.
 */
final class AcceptedTypes implements RequestedContentTypeResolver {

  private final RequestedContentTypeResolver header = new HeaderContentTypeResolver();

  @Override
  public List<MediaType> resolveMediaTypes(ServerWebExchange exchange) {
    return header.resolveMediaTypes(exchange).stream().map(AcceptedTypes::bare).toList();
  }

  private static MediaType bare(MediaType type) {
    return new MediaType(type.getType(), type.getSubtype(), type.getQualityValue());
  }
}
