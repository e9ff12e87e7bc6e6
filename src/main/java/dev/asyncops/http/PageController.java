package dev.asyncops.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The page for people: these files, and nothing else from the class path. */
@RestController
public final class PageController {

  private static final MediaType HTML = new MediaType("text", "html", StandardCharsets.UTF_8);
  private static final MediaType CSS = new MediaType("text", "css", StandardCharsets.UTF_8);
  private static final MediaType SVG = new MediaType("image", "svg+xml");
  private static final MediaType SCRIPT =
      new MediaType("text", "javascript", StandardCharsets.UTF_8);

  private final PageFile index = PageFile.read("index.html", HTML);
  private final Map<String, PageFile> parts =
      Map.of(
          "style.css", PageFile.read("style.css", CSS),
          "icon.svg", PageFile.read("icon.svg", SVG),
          "main.js", PageFile.read("main.js", SCRIPT),
          "service.js", PageFile.read("service.js", SCRIPT),
          "stream.js", PageFile.read("stream.js", SCRIPT),
          "text.js", PageFile.read("text.js", SCRIPT),
          "forms.js", PageFile.read("forms.js", SCRIPT),
          "list.js", PageFile.read("list.js", SCRIPT),
          "detail.js", PageFile.read("detail.js", SCRIPT));

  /** The page itself. */
  @GetMapping("/")
  public ResponseEntity<byte[]> page() {
    return index.answer();
  }

  /** What it is made of. The path takes these names only: any other address is unknown. */
  @GetMapping(
      "/page/{name:style\\.css|icon\\.svg|(?:main|service|stream|text|forms|list|detail)\\.js}")
  public ResponseEntity<byte[]> part(@PathVariable String name) {
    return Objects.requireNonNull(parts.get(name)).answer();
  }
}
