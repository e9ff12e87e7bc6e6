package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.DirectoryPair;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileComparison;
import dev.asyncops.files.FileCopy;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.FileSystemSync;
import dev.asyncops.files.KeptAttribute;
import dev.asyncops.files.OpenDirectory;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.TreeRemoval;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file access that tells of each call before it is made; the hook may fail it, or do things. */
final class HookedFileAccess implements FileAccess {

  /** What happens before a call. */
  interface Hook {

    /** Runs on the worker, e.g. {@code before("publish", data:x)}. */
    void before(String call, RootPath path) throws OperationException;
  }

  private final FileAccess files;
  volatile Hook hook = (call, path) -> {};

  /** Whether a file system can be put on disk in one go, if the system can do that at all. */
  volatile boolean syncsAtOnce = true;

  HookedFileAccess(FileAccess files) {
    this.files = files;
  }

  @Override
  public FileStatus status(RootPath path) throws OperationException {
    hook.before("status", path);
    return files.status(path);
  }

  @Override
  public FileStatus statusFollowingLinks(RootPath path) throws OperationException {
    hook.before("statusFollowingLinks", path);
    return files.statusFollowingLinks(path);
  }

  @Override
  public boolean isBelow(RootPath path, RootPath directory) throws OperationException {
    hook.before("isBelow", path);
    return files.isBelow(path, directory);
  }

  @Override
  public DirectoryListing list(RootPath directory) throws OperationException {
    hook.before("list", directory);
    return new HookedListing(directory, files.list(directory));
  }

  @Override
  public OpenDirectory openDirectory(RootPath directory) throws OperationException {
    hook.before("openDirectory", directory);
    return files.openDirectory(directory);
  }

  @Override
  public void delete(RootPath path) throws OperationException {
    hook.before("delete", path);
    files.delete(path);
  }

  @Override
  public TreeRemoval openRemoval(RootPath top) throws OperationException {
    hook.before("openRemoval", top);
    return new HookedRemoval(top, files.openRemoval(top));
  }

  @Override
  public byte[] read(RootPath path, int maxBytes) throws OperationException {
    hook.before("read", path);
    return files.read(path, maxBytes);
  }

  @Override
  public void createDirectory(RootPath directory, boolean shared) throws OperationException {
    hook.before("createDirectory", directory);
    files.createDirectory(directory, shared);
  }

  @Override
  public void makePrivate(RootPath directory) throws OperationException {
    hook.before("makePrivate", directory);
    files.makePrivate(directory);
  }

  @Override
  public DirectoryPair openPair(RootPath source, RootPath target) throws OperationException {
    hook.before("openPair", source);
    return new HookedPair(source, target, files.openPair(source, target));
  }

  @Override
  public void link(RootPath existing, RootPath name) throws OperationException {
    hook.before("link", name);
    files.link(existing, name);
  }

  @Override
  public void keep(RootPath source, RootPath target, Set<KeptAttribute> attributes, boolean made)
      throws OperationException {
    hook.before("keep", source);
    files.keep(source, target, attributes, made);
  }

  @Override
  public void restoreTimes(RootPath directory, FileStatus before) throws OperationException {
    hook.before("restoreTimes", directory);
    files.restoreTimes(directory, before);
  }

  @Override
  public void sync(RootPath directory) throws OperationException {
    hook.before("sync", directory);
    files.sync(directory);
  }

  @Override
  public @Nullable FileSystemSync openSync(RootPath directory) throws OperationException {
    hook.before("openSync", directory);
    FileSystemSync sync = syncsAtOnce ? files.openSync(directory) : null;
    return sync == null ? null : new HookedSync(directory, sync);
  }

  @Override
  public void publish(RootPath temporary, RootPath destination, boolean replace)
      throws OperationException {
    hook.before("publish", destination);
    files.publish(temporary, destination, replace);
    hook.before("published", destination);
  }

  private final class HookedListing implements DirectoryListing {

    private final RootPath directory;
    private final DirectoryListing listing;

    HookedListing(RootPath directory, DirectoryListing listing) {
      this.directory = directory;
      this.listing = listing;
    }

    @Override
    public List<String> next(int atMost) throws OperationException {
      return listing.next(atMost);
    }

    @Override
    public FileStatus status(String name) throws OperationException {
      hook.before("status", directory.resolve(name));
      return listing.status(name);
    }

    @Override
    public void close() {
      listing.close();
    }
  }

  private final class HookedPair implements DirectoryPair {

    private final RootPath source;
    private final RootPath target;
    private final DirectoryPair pair;

    HookedPair(RootPath source, RootPath target, DirectoryPair pair) {
      this.source = source;
      this.target = target;
      this.pair = pair;
    }

    @Override
    public FileStatus targetStatus(String name) throws OperationException {
      hook.before("status", target.resolve(name));
      return pair.targetStatus(name);
    }

    @Override
    public FileCopy openCopy(String name, String copy) throws OperationException {
      RootPath file = source.resolve(name);
      hook.before("openCopy", file);
      return new HookedCopy(file, pair.openCopy(name, copy));
    }

    @Override
    public boolean takeOver(
        String name, String copy, Set<KeptAttribute> attributes, boolean durable)
        throws OperationException {
      hook.before("takeOver", source.resolve(name));
      boolean taken = pair.takeOver(name, copy, attributes, durable);
      hook.before(taken ? "tookOver" : "notTakenOver", source.resolve(name));
      return taken;
    }

    @Override
    public void copyLink(String name, String copy, Set<KeptAttribute> attributes)
        throws OperationException {
      hook.before("copyLink", source.resolve(name));
      pair.copyLink(name, copy, attributes);
    }

    @Override
    public FileComparison openComparison(String name, String copy) throws OperationException {
      hook.before("openComparison", source.resolve(name));
      return pair.openComparison(name, copy);
    }

    @Override
    public boolean isSameLink(String name, String copy) throws OperationException {
      hook.before("isSameLink", source.resolve(name));
      return pair.isSameLink(name, copy);
    }

    @Override
    public void publish(String temporary, String name, boolean replace) throws OperationException {
      hook.before("publish", target.resolve(name));
      pair.publish(temporary, name, replace);
      hook.before("published", target.resolve(name));
    }

    @Override
    public void close() {
      pair.close();
    }
  }

  private final class HookedSync implements FileSystemSync {

    private final RootPath directory;
    private final FileSystemSync sync;

    HookedSync(RootPath directory, FileSystemSync sync) {
      this.directory = directory;
      this.sync = sync;
    }

    @Override
    public void run() throws OperationException {
      hook.before("syncFileSystem", directory);
      sync.run();
      hook.before("syncedFileSystem", directory);
    }

    @Override
    public void close() {
      sync.close();
    }
  }

  private final class HookedCopy implements FileCopy {

    private final RootPath source;
    private final FileCopy copy;

    HookedCopy(RootPath source, FileCopy copy) {
      this.source = source;
      this.copy = copy;
    }

    @Override
    public FileStatus source() {
      return copy.source();
    }

    @Override
    public long step(long atMost) throws OperationException {
      hook.before("step", source);
      return copy.step(atMost);
    }

    @Override
    public void startFlush() {
      copy.startFlush();
    }

    @Override
    public long flushStep(long atMost) throws OperationException {
      hook.before("flushStep", source);
      return copy.flushStep(atMost);
    }

    @Override
    public long verifyStep(long atMost) throws OperationException {
      hook.before("verifyStep", source);
      return copy.verifyStep(atMost);
    }

    @Override
    public String sha256() {
      return copy.sha256();
    }

    @Override
    public void finish(Set<KeptAttribute> attributes, boolean durable) throws OperationException {
      hook.before(durable ? "finishDurably" : "finishSoon", source);
      hook.before("finish", source);
      copy.finish(attributes, durable);
      hook.before("finished", source);
    }

    @Override
    public void giveUp() {
      tell("giveUp");
      copy.giveUp();
    }

    @Override
    public void close() {
      tell("close");
      copy.close();
    }

    private void tell(String call) {
      try {
        hook.before(call, source);
      } catch (OperationException e) {
        throw new AssertionError(e); // this cannot fail
      }
    }
  }

  private final class HookedRemoval implements TreeRemoval {

    private final RootPath top;
    private final TreeRemoval removal;

    HookedRemoval(RootPath top, TreeRemoval removal) {
      this.top = top;
      this.removal = removal;
    }

    @Override
    public boolean step(int atMost) throws OperationException {
      hook.before("removalStep", top);
      return removal.step(atMost);
    }

    @Override
    public void close() {
      removal.close();
      try {
        hook.before("removalClose", top);
      } catch (OperationException e) {
        throw new AssertionError(e); // closing cannot fail
      }
    }
  }
}
