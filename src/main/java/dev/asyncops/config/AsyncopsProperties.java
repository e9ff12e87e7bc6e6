package dev.asyncops.config;

import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.store.PostgresSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Everything an operator may set, in one place: the properties under {@code asyncops}.
 *
 * <p>An unknown property and a value out of range end the start with a message that names the
 * property. Nothing here touches the file system.
 *
 * @param roots the directories the service may touch, by the name that clients use; none given
 *     means one root {@code data} at {@code ./data}
 * @param stateDir where the embedded registry is; made if absent
 * @param store which database has the registry instead
 * @param limits how much work is taken on
 * @param retention how long finished operations are kept
 * @param connect where a connect operation may go
 * @param auth who may use it
 * @param shutdown how the service ends
 */
@ConfigurationProperties(prefix = "asyncops", ignoreUnknownFields = false)
public record AsyncopsProperties(
    @DefaultValue Map<String, RootSettings> roots,
    @DefaultValue("./state") Path stateDir,
    @DefaultValue Store store,
    @DefaultValue Limits limits,
    @DefaultValue Retention retention,
    @DefaultValue Connect connect,
    @DefaultValue Auth auth,
    @DefaultValue Shutdown shutdown) {

  private static final Pattern ROOT_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  /** Checks the names of the roots, and that each has a path. */
  public AsyncopsProperties {
    roots = Map.copyOf(new TreeMap<>(roots));
    roots.forEach(AsyncopsProperties::checkRoot);
  }

  /** What of these the registry is to keep to. */
  OperationRegistry.Limits registryLimits() {
    return new OperationRegistry.Limits(
        limits.running(),
        limits.queued(),
        limits.effectiveMemory(),
        retention.maxAge(),
        retention.maxCount());
  }

  /**
   * A directory the service may touch.
   *
   * @param path where it is on the host; must exist
   * @param readOnly whether nothing below it may be changed
   */
  public record RootSettings(@Nullable Path path, @DefaultValue("false") boolean readOnly) {}

  /**
   * Which database has the registry.
   *
   * @param url of a PostgreSQL database; empty for the embedded registry
   * @param username who the service is there; may be empty
   * @param password never shown; may be empty
   */
  public record Store(
      @DefaultValue("") String url,
      @DefaultValue("") String username,
      @DefaultValue("") String password) {

    boolean isEmbedded() {
      return url.isBlank();
    }

    /** Without the password; a URL can hold one, too. */
    @Override
    public String toString() {
      return isEmbedded() ? "embedded" : settings().toString();
    }

    PostgresSettings settings() {
      return new PostgresSettings(url.strip(), username, password);
    }
  }

  /**
   * How much work is taken on.
   *
   * @param running operations at once, 1 to 10000
   * @param queued operations that wait for a place, 1 to 10000000
   * @param memory what all operations may take that are not over, 1MB or more; by default a quarter
   *     of the largest heap that the process may have
   * @param ioThreads threads that touch files, per root, 1 to 1024; by default two for each
   *     processor and at least 4
   * @param bytesPerSecond what all copies together may move, 1B or more; null for no limit
   * @param bodyBytes the largest body of a request, 1 KB to 1 GB
   * @param eventSubscribers event streams at once, 1 to 1000000
   * @param requestTimeout how long the head of a request may take, and how long nothing of its body
   *     may come, 100 milliseconds to 1 hour
   */
  public record Limits(
      @DefaultValue("64") int running,
      @DefaultValue("100000") int queued,
      @Nullable DataSize memory,
      @Nullable Integer ioThreads,
      @Nullable DataSize bytesPerSecond,
      @DefaultValue("16MB") DataSize bodyBytes,
      @DefaultValue("10000") int eventSubscribers,
      @DefaultValue("30s") Duration requestTimeout) {

    /** Checks the ranges. */
    public Limits {
      checkRange("asyncops.limits.running", running, 1, 10_000);
      checkRange("asyncops.limits.queued", queued, 1, 10_000_000);
      check(
          memory == null || memory.compareTo(DataSize.ofMegabytes(1)) >= 0,
          "asyncops.limits.memory",
          memory,
          "It must be 1MB or more.");
      if (ioThreads != null) {
        checkRange("asyncops.limits.io-threads", ioThreads, 1, 1024);
      }
      check(
          bytesPerSecond == null || bytesPerSecond.toBytes() >= 1,
          "asyncops.limits.bytes-per-second",
          bytesPerSecond,
          "It must be 1B or more.");
      check(
          bodyBytes.compareTo(DataSize.ofKilobytes(1)) >= 0
              && bodyBytes.compareTo(DataSize.ofGigabytes(1)) <= 0,
          "asyncops.limits.body-bytes",
          bodyBytes,
          "It must be 1KB to 1GB.");
      checkRange("asyncops.limits.event-subscribers", eventSubscribers, 1, 1_000_000);
      checkRange(
          "asyncops.limits.request-timeout",
          requestTimeout,
          Duration.ofMillis(100),
          Duration.ofHours(1));
    }

    /** The bytes for operations that are not over, chosen or by default. */
    long effectiveMemory() {
      return memory != null ? memory.toBytes() : Runtime.getRuntime().maxMemory() / 4;
    }

    /** The threads per root, chosen or by default. */
    int effectiveIoThreads() {
      return ioThreads != null
          ? ioThreads
          : Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    }
  }

  /**
   * How long finished operations are kept: until they are too old or too many.
   *
   * @param maxAge 1 second to 10 years
   * @param maxCount 1 to 100000000
   */
  public record Retention(
      @DefaultValue("7d") Duration maxAge, @DefaultValue("1000000") int maxCount) {

    /** Checks the ranges. */
    public Retention {
      checkRange(
          "asyncops.retention.max-age", maxAge, Duration.ofSeconds(1), Duration.ofDays(3650));
      checkRange("asyncops.retention.max-count", maxCount, 1, 100_000_000);
    }
  }

  /**
   * Where a connect operation may go.
   *
   * @param allow networks in CIDR notation, by default loopback and the private ranges; none at all
   *     allows nothing
   * @param defaultPort the port where the address file names none, 1 to 65535
   */
  public record Connect(
      @DefaultValue({
            "127.0.0.0/8",
            "::1/128",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "fc00::/7"
          })
          List<String> allow,
      @DefaultValue("123") int defaultPort) {

    /** Checks the port; the networks are read where they are used. */
    public Connect {
      allow = List.copyOf(allow);
      checkRange("asyncops.connect.default-port", defaultPort, 1, 65_535);
    }
  }

  /**
   * Who may use the service.
   *
   * @param mode how callers say who they are
   * @param allowAnonymous whether it may be reached from other machines though nobody has to say so
   * @param tokensFile where the digests of the tokens are; needed with {@code token}, else ignored
   */
  public record Auth(
      @DefaultValue("none") AuthMode mode,
      @DefaultValue("false") boolean allowAnonymous,
      @Nullable Path tokensFile) {

    /** Checks that there is a file where one is needed. */
    public Auth {
      check(
          mode != AuthMode.TOKEN || (tokensFile != null && !tokensFile.toString().isEmpty()),
          "asyncops.auth.tokens-file",
          tokensFile,
          "With asyncops.auth.mode=token there must be a file with the tokens.");
    }
  }

  /** How callers say who they are. */
  public enum AuthMode {
    /** They need not. */
    NONE,
    /** By a token that is in a file. */
    TOKEN,
    /** By a JWT that somebody else has signed. */
    JWT
  }

  /**
   * How the service ends.
   *
   * @param drain how long running work may still take before it is cancelled, 0 to 1 hour
   */
  public record Shutdown(@DefaultValue("10s") Duration drain) {

    /** Checks the range. */
    public Shutdown {
      checkRange("asyncops.shutdown.drain", drain, Duration.ZERO, Duration.ofHours(1));
    }
  }

  private static void checkRoot(String name, RootSettings root) {
    check(
        ROOT_NAME.matcher(name).matches(),
        "asyncops.roots." + name,
        name,
        "The name of a root must be 1 to 32 of a-z, 0-9 and, after the first, '-'.");
    check(
        root.path() != null && !root.path().toString().isEmpty(),
        "asyncops.roots." + name + ".path",
        root.path(),
        "Every root must have a path.");
  }

  private static <T extends Comparable<T>> void checkRange(
      String property, T value, T least, T most) {
    check(
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        property,
        value,
        "It must be %s to %s.".formatted(least, most));
  }

  private static void check(
      boolean holds, String property, @Nullable Object value, String otherwise) {
    if (!holds) {
      throw new InvalidConfigurationPropertyValueException(property, value, otherwise);
    }
  }
}
