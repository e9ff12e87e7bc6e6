package dev.asyncops.http;

import com.fasterxml.jackson.databind.type.TypeFactory;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Describes the bodies and answers of controllers, where they are records of this service. */
public final class ApiSchemas implements ModelConverter {

  private static final String SERVICE = "dev.asyncops.";

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    Class<?> raw = TypeFactory.rawClass(type.getType());
    if (raw.isRecord() && raw.getName().startsWith(SERVICE)) {
      return new RecordSchemas(context::defineModel).of(raw);
    }
    return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
  }
}
