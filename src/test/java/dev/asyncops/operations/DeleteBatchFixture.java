package dev.asyncops.operations;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileAccesses;
import dev.asyncops.files.IoPools;
import dev.asyncops.files.Root;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two roots with real files, two workers each, and a hook before every call of a worker. */
@Timeout(60)
abstract class DeleteBatchFixture {

  static final int THREADS = 2;
  private static final HookedFiles.Hook NO_HOOK = (_, _) -> {};

  @TempDir Path data;
  @TempDir Path other;

  final MainContext context = new MainContext("test");
  IoPools pools;
  private FileAccess real;
  HookedFiles.Hook hook = NO_HOOK;

  @BeforeEach
  void openRoots() {
    List<Root> roots = List.of(new Root("data", data, false), new Root("other", other, false));
    pools = new IoPools(roots, THREADS);
    real = FileAccesses.forThisSystem(new Roots(roots)).files();
  }

  @AfterEach
  void closePools() {
    pools.close();
    context.close();
  }

  DeleteBatchOperation batch(List<RootPath> paths) {
    return batch(paths, false, false, false, false);
  }

  DeleteBatchOperation batch(
      List<RootPath> paths,
      boolean recursive,
      boolean ignoreMissing,
      boolean failFast,
      boolean dryRun) {
    return new DeleteBatchOperation(
        new DeleteBatchRequest(paths, recursive, ignoreMissing, failFast, dryRun),
        new OperationOptions(Priority.DEFAULT, null),
        services());
  }

  OperationServices services() {
    return new OperationServices(
        context, HookedFiles.of(real, (call, path) -> hook.before(call, path)), pools);
  }

  OperationDriver<DeleteBatchResult> driver(DeleteBatchOperation operation) {
    return new OperationDriver<>(context, operation);
  }

  List<RootPath> files(int number) throws IOException {
    return files("f", number);
  }

  List<RootPath> files(String prefix, int number) throws IOException {
    List<RootPath> paths = IntStream.range(0, number).mapToObj(i -> path(prefix + i)).toList();
    for (RootPath path : paths) {
      Files.createFile(data.resolve(path.name()));
    }
    return paths;
  }

  static RootPath path(String name) {
    return new RootPath("data", List.of(name.split("/", -1)));
  }

  Gate gateAt(String name) {
    Gate gate = new Gate();
    hook = (_, path) -> gate.passIf(path.name().equals(name));
    return gate;
  }
}
