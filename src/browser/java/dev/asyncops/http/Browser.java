package dev.asyncops.http;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The page in a Chromium without a window, used as people use it. */
final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChromeDriver driver;
  private final String address;

  /** Opens the page of a service. */
  Browser(TestService service) {
    this("http://127.0.0.1:%d/".formatted(service.port()));
  }

  /** Opens the page at an address. */
  Browser(String address) {
    this.address = address;
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium"));
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of(program("chromedriver")).toFile())
            .usingAnyFreePort()
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().window().setSize(new Dimension(1200, 900));
    driver.get(address);
  }

  private static String program(String name) {
    return Stream.of(Objects.requireNonNull(System.getenv("PATH")).split(":", -1))
        .map(directory -> Path.of(directory, name).toFile())
        .filter(file -> file.canExecute())
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no %s on the path.".formatted(name)))
        .toString();
  }

  // ---- What is seen

  /** What an element that is shown says; empty if there is none. */
  String text(String selector) {
    return driver.findElements(By.cssSelector(selector)).stream()
        .filter(WebElement::isDisplayed)
        .findFirst()
        .map(WebElement::getText)
        .orElse("");
  }

  List<String> texts(String selector) {
    return driver.findElements(By.cssSelector(selector)).stream().map(WebElement::getText).toList();
  }

  int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  /** An attribute, or a property, of the first such element. */
  @Nullable String attribute(String selector, String name) {
    return driver.findElement(By.cssSelector(selector)).getAttribute(name);
  }

  /** Waits until an element says something with that in it. */
  void awaitText(String selector, String part) {
    await(selector)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> {
          String text = text(selector);
          if (!text.contains(part)) {
            throw new AssertionError("'%s' is not in '%s'".formatted(part, text));
          }
        });
  }

  /** What has the focus. */
  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** What a script gives back. */
  @Nullable Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What a script gives to its last argument. */
  @Nullable Object runAsync(String script) {
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return driver.executeAsyncScript(script);
  }

  /** What the accessibility checker has against the page as it is, a line each. */
  List<?> violations() throws IOException {
    try (InputStream axe =
        Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
      driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object found =
        runAsync(
            """
            const done = arguments[arguments.length - 1];
            axe.run({ resultTypes: ['violations'] }).then(
                result => done(result.violations.flatMap(violation => violation.nodes.map(
                    node => `${violation.id}: ${node.target} ${node.failureSummary}`))),
                error => done([String(error)]));
            """);
    return (List<?>) Objects.requireNonNull(found);
  }

  // ---- What is done

  /** Presses keys, wherever the focus is. */
  void press(CharSequence... keys) {
    for (CharSequence key : keys) {
      focused().sendKeys(key);
    }
  }

  /** Goes on with the tabulator until something with this id, or this text, has the focus. */
  void tabTo(String idOrText) {
    for (int i = 0; i < 100; i++) {
      press(Keys.TAB);
      WebElement focused = focused();
      if (idOrText.equals(focused.getAttribute("id")) || idOrText.equals(focused.getText())) {
        return;
      }
    }
    throw new AssertionError("The tabulator does not come to " + idOrText);
  }

  void click(String selector) {
    driver.findElement(By.cssSelector(selector)).click();
  }

  void type(String selector, CharSequence keys) {
    driver.findElement(By.cssSelector(selector)).sendKeys(keys);
  }

  /** Opens one of the forms. */
  void openForm(int number) {
    click("#starts > details:nth-of-type(%d) > summary".formatted(number));
  }

  void reload() {
    driver.navigate().refresh();
  }

  void show(String operation) {
    driver.get(address + "#" + operation.substring(operation.lastIndexOf('/') + 1));
  }

  /** As if the system preferred this. */
  void prefer(String feature, String value) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", feature, "value", value))));
  }

  void resize(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** Runs a script in each page before its own. */
  void runFirst(String script) {
    driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
  }

  /** What went wrong in the page, as its console tells it; answers of the service do not count. */
  List<String> complaints() {
    return console().stream().filter(line -> !line.contains("Failed to load resource")).toList();
  }

  /** The warnings and errors in the console since this was asked last. */
  List<String> console() {
    return driver.manage().logs().get("browser").getAll().stream().map(Object::toString).toList();
  }

  byte[] picture() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  static void waitUntil(Callable<Boolean> condition) {
    await().atMost(PATIENCE.toSeconds(), TimeUnit.SECONDS).ignoreExceptions().until(condition);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
