package dev.asyncops.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * What the description of the API tells people: sentences by name, with the numbers of the code.
 */
final class ApiTexts {

  private static final Map<String, Integer> NUMBERS =
      Map.of(
          "{max-page-size}", ListParameters.MAX_PAGE_SIZE,
          "{max-wait}", WaitPreference.MAX_SECONDS,
          "{max-user-data}", CommonOptions.MAX_USER_DATA_BYTES,
          "{max-labels}", LabelRules.MAX_LABELS);

  private final Properties texts = load();

  /** The text of this name, or of the first of the others that there is; none if there is none. */
  Optional<String> find(String... names) {
    for (String name : names) {
      String text = texts.getProperty(name);
      if (text != null) {
        return Optional.of(withNumbers(text));
      }
    }
    return Optional.empty();
  }

  /** The text of this name, which there is, or of another one. */
  String get(String... names) {
    return find(names)
        .orElseThrow(() -> new IllegalStateException("Nothing is told of " + names[0]));
  }

  private static String withNumbers(String text) {
    String whole = text;
    for (Map.Entry<String, Integer> number : NUMBERS.entrySet()) {
      whole = whole.replace(number.getKey(), number.getValue().toString());
    }
    return whole;
  }

  private static Properties load() {
    try {
      return PropertiesLoaderUtils.loadProperties(
          new EncodedResource(
              new ClassPathResource("openapi-texts.properties", ApiTexts.class),
              StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
