package dev.asyncops.config;

import dev.asyncops.config.AsyncopsProperties.AuthMode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.Objects;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Beans for some of the ways in which callers say who they are. The mode is read as {@link
 * AsyncopsProperties} reads it, so that both mean the same however it is written.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnAuthMode.Matching.class)
@interface OnAuthMode {

  /** In these modes. */
  AuthMode[] value();

  /** Looks which mode it is. */
  final class Matching implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      AuthMode mode =
          Binder.get(context.getEnvironment())
              .bind("asyncops.auth.mode", AuthMode.class)
              .orElse(AuthMode.NONE);
      var attributes = metadata.getAnnotationAttributes(OnAuthMode.class.getName());
      Object wanted = Objects.requireNonNull(attributes).get("value");
      return wanted instanceof AuthMode[] modes && Arrays.asList(modes).contains(mode);
    }
  }
}
