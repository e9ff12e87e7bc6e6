package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.MainContextListener;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import dev.asyncops.async.Ticker;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileAccesses;
import dev.asyncops.files.IoPools;
import dev.asyncops.files.Root;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.CopyRequest.Durability;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import dev.asyncops.operations.CopyRequest.Verify;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Two roots, real pools, and a main context that the test drives until a copy is over. */
final class CopyFixture implements AutoCloseable {

  static final String ID = "01930000-0000-7000-8000-000000000001";

  static final String BOOT = "00000000-0000-4000-8000-000000000001";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final Path data;
  final Path archive;
  final Roots roots;
  final HookedFileAccess files;
  final Cancellable cancellable = new Cancellable();
  final MainContext context;
  final Bandwidth bandwidth;
  final OperationServices services;
  private final IoPools pools;

  /** Whether copies go on after a restart. */
  boolean resumes;

  /** What they know of the attempt before. */
  @Nullable CopyMark mark;

  /** How a copy ended, and what was heard of it. */
  record Outcome(
      @Nullable CopyResult value,
      @Nullable OperationException error,
      OperationProgress progress,
      List<ItemResult> items,
      List<String> phases,
      List<Long> bytesSeen) {

    CopyResult result() {
      if (error != null) {
        throw new AssertionError("failed: " + error.getMessage(), error);
      }
      return Objects.requireNonNull(value);
    }

    OperationException failure() {
      return Objects.requireNonNull(error, "it succeeded");
    }

    ItemResult item(String path) {
      return items.stream()
          .filter(item -> item.path().equals(path))
          .findFirst()
          .orElseThrow(() -> new AssertionError(path + " not in " + items));
    }
  }

  CopyFixture(Path host) {
    this(host, Ticker.system());
  }

  CopyFixture(Path host, Ticker ticker) {
    this(host, ticker, roots -> FileAccesses.forThisSystem(roots).files());
  }

  CopyFixture(Path host, Ticker ticker, Function<Roots, FileAccess> access) {
    context = new MainContext("test", ticker, MainContextListener.NONE);
    try {
      data = Files.createDirectory(host.resolve("data"));
      archive = Files.createDirectory(host.resolve("archive"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    roots = new Roots(List.of(new Root("data", data, false), new Root("archive", archive, false)));
    files = new HookedFileAccess(access.apply(roots));
    pools = new IoPools(roots.all(), 3);
    bandwidth = new Bandwidth(context, ticker, null);
    services = new OperationServices(context, files, pools, bandwidth, BOOT);
  }

  /** A request with the defaults of the HTTP contract, to be changed. */
  Asked copy(String source, String destination) throws OperationException {
    return new Asked(
        new CopyRequest(
            roots.parse(source),
            roots.parse(destination),
            OnConflict.FAIL,
            false,
            Set.of(Preserve.MODE, Preserve.TIMES, Preserve.LINKS, Preserve.SPARSE),
            Verify.NONE,
            Durability.FSYNC,
            List.of(),
            List.of(),
            false,
            false),
        null);
  }

  /** A request, and how fast. */
  final class Asked {

    final CopyRequest request;
    private final @Nullable Long bytesPerSecond;

    Asked(CopyRequest request, @Nullable Long bytesPerSecond) {
      this.request = request;
      this.bytesPerSecond = bytesPerSecond;
    }

    Asked onConflict(OnConflict rule) {
      return with(rule, request.parents(), request.preserve(), request.verify(), false, false);
    }

    Asked parents() {
      return with(request.onConflict(), true, request.preserve(), request.verify(), false, false);
    }

    Asked preserve(Preserve... kept) {
      return with(
          request.onConflict(), request.parents(), Set.of(kept), request.verify(), false, false);
    }

    Asked verified() {
      return with(
          request.onConflict(), request.parents(), request.preserve(), Verify.SHA256, false, false);
    }

    Asked failFast() {
      return with(
          request.onConflict(),
          request.parents(),
          request.preserve(),
          request.verify(),
          true,
          false);
    }

    Asked dryRun() {
      return with(
          request.onConflict(),
          request.parents(),
          request.preserve(),
          request.verify(),
          false,
          true);
    }

    Asked filtered(List<String> include, List<String> exclude) {
      return new Asked(
          new CopyRequest(
              request.source(),
              request.destination(),
              request.onConflict(),
              request.parents(),
              request.preserve(),
              request.verify(),
              request.durability(),
              include,
              exclude,
              request.failFast(),
              request.dryRun()),
          bytesPerSecond);
    }

    /** Of some entries; the last that is asked for. */
    Asked only(String... entries) throws OperationException {
      List<RootPath> chosen = new ArrayList<>();
      for (String entry : entries) {
        chosen.add(roots.parse(entry));
      }
      return new Asked(request.only(chosen), bytesPerSecond);
    }

    Asked durability(Durability durability) {
      return new Asked(
          new CopyRequest(
              request.source(),
              request.destination(),
              request.onConflict(),
              request.parents(),
              request.preserve(),
              request.verify(),
              durability,
              request.include(),
              request.exclude(),
              request.failFast(),
              request.dryRun()),
          bytesPerSecond);
    }

    Asked bytesPerSecond(long bytes) {
      return new Asked(request, bytes);
    }

    private Asked with(
        OnConflict rule,
        boolean parents,
        Set<Preserve> preserve,
        Verify verify,
        boolean failFast,
        boolean dryRun) {
      return new Asked(
          new CopyRequest(
              request.source(),
              request.destination(),
              rule,
              parents,
              preserve,
              verify,
              request.durability(),
              request.include(),
              request.exclude(),
              failFast,
              dryRun),
          bytesPerSecond);
    }

    /** Starts it and drives the main context until it is over. */
    Outcome run() {
      Running running = start();
      running.drive();
      return running.outcome();
    }

    Running start() {
      return start(Priority.DEFAULT);
    }

    Running start(Priority priority) {
      return prepare(priority).startNow();
    }

    /** Prepares it and does not start it. */
    Running prepare(Priority priority) {
      return new Running(request, new OperationOptions(priority, bytesPerSecond));
    }
  }

  /** A copy that was started. */
  final class Running {

    private final List<ItemResult> items = new ArrayList<>();
    private final List<String> phases = new ArrayList<>();
    private final List<Long> bytesSeen = new ArrayList<>();
    private final CopyOperation operation;
    private final OperationProgress progress;
    private final Task<CopyResult> task;
    private @Nullable CopyResult value;
    private @Nullable OperationException error;
    private boolean over;

    Running(CopyRequest request, OperationOptions options) {
      assertThat(context.acquire()).isTrue();
      try {
        operation =
            resumes
                ? CopyOperation.resumed(request, options, services, mark)
                : new CopyOperation(request, options, services);
        progress = new OperationProgress(context, new Listener());
        task = Task.create(context, CopyFixture.this, cancellable, this::onReady);
        operation.prepare(ID, progress);
      } finally {
        context.release();
      }
    }

    Running startNow() {
      onContext(() -> operation.start(task));
      return this;
    }

    /** Changes something while it waits or runs. */
    void change(Consumer<CopyOperation> change) {
      onContext(() -> change.accept(operation));
    }

    /** The bytes it has told so far. */
    long moved() {
      return bytesSeen.isEmpty() ? 0 : bytesSeen.getLast();
    }

    /** Iterates until something is so, whatever the clock of the context says. */
    void driveUntil(BooleanSupplier condition) {
      long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
      while (!condition.getAsBoolean()) {
        assertThat(System.nanoTime()).as("the time to wait is over").isLessThan(deadlineNanos);
        if (!context.iterate(false)) {
          Thread.onSpinWait();
        }
      }
    }

    /** Iterates until the copy is over. */
    void drive() {
      driveUntil(() -> over);
    }

    boolean isOver() {
      return over;
    }

    Outcome outcome() {
      return new Outcome(value, error, progress, items, phases, bytesSeen);
    }

    private void onReady(@Nullable Object owner, Task<CopyResult> returned) {
      over = true;
      try {
        value = returned.propagate();
      } catch (OperationException e) {
        error = e;
      }
      assertThat(progress.pending()).isZero();
      assertThat(progress.isOver()).isTrue();
    }

    private final class Listener implements OperationProgress.Listener {

      @Override
      public void progressChanged() {
        assertThat(over).as("progress after the end").isFalse();
        bytesSeen.add(progress.bytesDone());
        String phase = progress.phase();
        if (phase != null && (phases.isEmpty() || !phases.getLast().equals(phase))) {
          phases.add(phase);
        }
      }

      @Override
      public void itemEnded(ItemResult item) {
        items.add(item);
      }
    }
  }

  /** Does something as the owner of the context. */
  void onContext(Runnable action) {
    assertThat(context.acquire()).isTrue();
    try {
      action.run();
    } finally {
      context.release();
    }
  }

  /** The counts as {@code succeeded/failed/skipped/cancelled}. */
  String counts(Outcome outcome) {
    assertThat(context.acquire()).isTrue();
    try {
      OperationProgress progress = outcome.progress();
      return "%d/%d/%d/%d"
          .formatted(
              progress.ended(ItemState.SUCCEEDED),
              progress.ended(ItemState.FAILED),
              progress.ended(ItemState.SKIPPED),
              progress.ended(ItemState.CANCELLED));
    } finally {
      context.release();
    }
  }

  /** The bytes moved and the bytes known. */
  String bytes(Outcome outcome) {
    assertThat(context.acquire()).isTrue();
    try {
      return outcome.progress().bytesDone() + "/" + outcome.progress().bytesTotal();
    } finally {
      context.release();
    }
  }

  /** Everything below a directory: type, mode, time, size, content or link, by relative path. */
  static Map<String, String> tree(Path top) {
    Map<String, String> entries = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      all.forEach(path -> entries.put(top.relativize(path).toString(), described(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  private static String described(Path path) {
    try {
      Map<String, Object> status =
          Files.readAttributes(
              path, "unix:mode,nlink,uid,gid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      String content =
          Files.isSymbolicLink(path)
              ? Files.readSymbolicLink(path).toString()
              : Files.isDirectory(path) ? "" : Files.size(path) + ":" + Files.readString(path);
      return new TreeMap<>(status) + content;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names that begin as this service's temporary ones do, anywhere below the roots. */
  List<String> leftovers() {
    List<String> found = new ArrayList<>();
    for (Path root : List.of(data, archive)) {
      try (Stream<Path> all = Files.walk(root)) {
        all.map(Path::toString).filter(path -> path.contains(".asyncops-")).forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  @Override
  public void close() {
    pools.close();
    context.close();
  }
}
