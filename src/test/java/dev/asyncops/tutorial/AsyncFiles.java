package dev.asyncops.tutorial;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Task;
import dev.asyncops.async.TaskCallback;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * File calls for the examples, each a pair: the start returns at once and throws nothing that
 * happens to a file; the finish, called from the callback, gives the value or throws the error (A1
 * to A3).
 *
 * <p>The owner object of each is the path it was started with.
 */
final class AsyncFiles {

  private static final int CHUNK_BYTES = 64 * 1024;

  private final MainContext context;
  private final Executor workers;

  AsyncFiles(Stage stage) {
    context = stage.context;
    workers = stage.workers;
  }

  // ---- copy

  /** Copies a file to a free name. A cancel leaves nothing behind. */
  void copy(
      Path source,
      Path destination,
      Cancellable cancellable,
      @Nullable TaskCallback<Long> callback) {
    Task<Long> task = Task.create(context, source, cancellable, callback);
    task.setTag("copy");
    task.setName("copy");
    task.setCheckCancellable(false); // it has a commit point, and looks for a cancel itself (T15)
    task.runInThread(
        workers, run -> run.returnValue(copyInChunks(source, destination, run.cancellable())));
  }

  /** The number of bytes copied. */
  long finishCopy(Path source, Task<Long> result) throws OperationException {
    result.checkResultOf(source, "copy");
    return result.propagate();
  }

  /** The blocking work, which {@link SynchronousTests} also calls as it is. */
  static long copyInChunks(Path source, Path destination, Cancellable cancellable)
      throws IOException, OperationException {
    try (InputStream in = Files.newInputStream(source)) {
      Path unfinished = Files.createTempFile(destination.getParent(), ".copy-", ".tmp");
      try {
        long bytes = writeChunks(in, unfinished, cancellable);
        Files.createLink(
            destination, unfinished); // the commit: all of it at once, and only if free
        return bytes;
      } finally {
        Files.delete(unfinished);
      }
    }
  }

  private static long writeChunks(InputStream in, Path unfinished, Cancellable cancellable)
      throws IOException, OperationException {
    long bytes = 0;
    byte[] chunk = new byte[CHUNK_BYTES];
    try (OutputStream out = Files.newOutputStream(unfinished)) {
      for (int read = 0; read >= 0; read = in.read(chunk)) {
        cancellable.throwIfCancelled();
        out.write(chunk, 0, read);
        bytes += read;
      }
    }
    return bytes;
  }

  // ---- readText

  /** Reads a small file of text. */
  void readText(Path file, Cancellable cancellable, @Nullable TaskCallback<String> callback) {
    Task<String> task = Task.create(context, file, cancellable, callback);
    task.setTag("readText");
    task.setName("read text");
    task.runInThread(
        workers, run -> run.returnValue(Files.readString(file, StandardCharsets.UTF_8)));
  }

  /** What the file says. */
  String finishReadText(Path file, Task<String> result) throws OperationException {
    result.checkResultOf(file, "readText");
    return result.propagate();
  }

  // ---- delete

  /** Deletes a file, unless it is cancelled before its turn. */
  void delete(Path file, Cancellable cancellable, @Nullable TaskCallback<@Nullable Void> callback) {
    Task<@Nullable Void> task = Task.create(context, file, cancellable, callback);
    task.setTag("delete");
    task.setName("delete");
    task.setCheckCancellable(false); // a file that is gone is not reported as cancelled (T15)
    task.runInThread(workers, run -> deleteUnlessCancelled(file, run));
  }

  /** Throws the reason why the file was not deleted. */
  void finishDelete(Path file, Task<@Nullable Void> result) throws OperationException {
    result.checkResultOf(file, "delete");
    result.propagate();
  }

  private static void deleteUnlessCancelled(Path file, Task<@Nullable Void> task)
      throws IOException {
    if (!task.returnErrorIfCancelled()) {
      Files.delete(file);
      task.returnValue(null);
    }
  }
}
