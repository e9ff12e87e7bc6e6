package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import dev.asyncops.files.IoPools;
import dev.asyncops.files.Root;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.CopyRequest.Durability;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import dev.asyncops.operations.CopyRequest.Verify;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The process that is killed: copies, some at once, and says what it is doing, one line each:
 * {@code start <number>} before a copy is begun, {@code done <number>} after it succeeded, and the
 * name of every call to the file system right before it.
 *
 * <p>The arguments: the directory with the two roots, the form of file access, the seed of the
 * order, and the kinds of copies.
 */
final class CrashingCopies {

  /** How many of each kind there are. */
  static final int OF_EACH = 2;

  private static final int AT_ONCE = 4;
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  /** What is copied where. */
  enum Kind {
    /** A file onto one that exists. */
    REPLACED("file", true),
    /** A large file onto one that exists. */
    LARGE("large", true),
    /** A file to a free name. */
    CREATED("file", false),
    /** A tree to a free name. */
    STAGED("tree", false),
    /** A tree into one that exists. */
    MERGED("tree", true);

    final String source;

    /** Whether something is at the destination before. */
    final boolean onto;

    Kind(String source, boolean onto) {
      this.source = source;
      this.onto = onto;
    }

    String destination(int number) {
      return "%s-%d".formatted(name(), number);
    }
  }

  /** One copy. */
  record Copy(Kind kind, int number) {

    static List<Copy> all() {
      List<Copy> all = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        for (int i = 0; i < OF_EACH; i++) {
          all.add(new Copy(kind, i));
        }
      }
      return all;
    }

    static Copy of(int index) {
      return all().get(index);
    }

    int index() {
      return all().indexOf(this);
    }

    String id() {
      return "01930000-0000-7000-8000-%012x".formatted(index());
    }

    String destination() {
      return kind.destination(number);
    }

    CopyRequest request(Roots roots) throws OperationException {
      return new CopyRequest(
          roots.parse("data:" + kind.source),
          roots.parse("archive:" + destination()),
          kind.onto ? OnConflict.OVERWRITE : OnConflict.FAIL,
          false,
          Set.of(Preserve.MODE, Preserve.TIMES, Preserve.LINKS, Preserve.SPARSE),
          Verify.NONE,
          kind == Kind.CREATED ? Durability.FSYNC : Durability.NONE, // which takes its time
          List.of(),
          List.of(),
          false,
          false);
    }
  }

  private final MainContext context = new MainContext("crashing");
  private final Roots roots;
  private final OperationServices services;
  private final Deque<Copy> left;
  private int running;

  private CrashingCopies(Path host, CopyRemainsTests.Access access, long seed, List<Kind> kinds) {
    roots = roots(host);
    HookedFileAccess files = new HookedFileAccess(access.open(roots));
    files.hook = (call, path) -> say(call);
    services = new OperationServices(context, files, new IoPools(roots.all(), 4));
    List<Copy> all = Copy.all();
    all.removeIf(copy -> !kinds.contains(copy.kind));
    Collections.shuffle(all, new Random(seed));
    left = new ArrayDeque<>(all);
  }

  public static void main(String[] arguments) {
    CrashingCopies copies =
        new CrashingCopies(
            Path.of(arguments[0]),
            CopyRemainsTests.Access.valueOf(arguments[1]),
            Long.parseLong(arguments[2]),
            Stream.of(arguments).skip(3).map(Kind::valueOf).toList());
    copies.context.post(copies::startSome);
    copies.context.after(LONGEST, "too long", copies.context::quit);
    copies.context.run();
  }

  static Roots roots(Path host) {
    return new Roots(
        List.of(
            new Root("data", host.resolve("data"), false),
            new Root("archive", host.resolve("archive"), false)));
  }

  private void startSome() {
    while (running < AT_ONCE && !left.isEmpty()) {
      start(left.remove());
    }
    if (running == 0) {
      context.quit();
    }
  }

  private void start(Copy copy) {
    say("start " + copy.index());
    running++;
    try {
      CopyOperation operation =
          new CopyOperation(
              copy.request(roots), new OperationOptions(Priority.DEFAULT, null), services);
      operation.prepare(copy.id(), new OperationProgress(context, new Nobody()));
      operation.start(
          Task.create(context, this, new Cancellable(), (_, task) -> onCopied(copy, task)));
    } catch (OperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void onCopied(Copy copy, Task<CopyResult> task) {
    try {
      CopyResult result = task.propagate();
      say((result.failed() == 0 ? "done " : "failed ") + copy.index());
    } catch (OperationException e) {
      say("failed " + copy.index() + " " + e.getMessage());
    }
    running--;
    startSome();
  }

  /** In one call of the system, so that what was said is whole or was not said. */
  private static void say(String line) {
    try {
      OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static final class Nobody implements OperationProgress.Listener {

    @Override
    public void progressChanged() {}

    @Override
    public void itemEnded(ItemResult item) {}
  }
}
