package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileCopy;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.KeptAttribute;
import dev.asyncops.files.OpenDirectory;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.TreeRemoval;
import java.util.Set;

/** A file access that tells of each call before it is made; the hook may fail it, or do things. */
final class HookedFileAccess implements FileAccess {

  /** What happens before a call. */
  interface Hook {

    /** Runs on the worker, e.g. {@code before("publish", data:x)}. */
    void before(String call, RootPath path) throws OperationException;
  }

  private final FileAccess files;
  volatile Hook hook = (call, path) -> {};

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
    return files.list(directory);
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
  public FileCopy openCopy(RootPath source, RootPath target) throws OperationException {
    hook.before("openCopy", source);
    return new HookedCopy(source, files.openCopy(source, target));
  }

  @Override
  public void copyLink(RootPath source, RootPath target, Set<KeptAttribute> attributes)
      throws OperationException {
    hook.before("copyLink", source);
    files.copyLink(source, target, attributes);
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
  public void sync(RootPath directory) throws OperationException {
    hook.before("sync", directory);
    files.sync(directory);
  }

  @Override
  public void publish(RootPath temporary, RootPath destination, boolean replace)
      throws OperationException {
    hook.before("publish", destination);
    files.publish(temporary, destination, replace);
    hook.before("published", destination);
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
      hook.before("finish", source);
      copy.finish(attributes, durable);
      hook.before("finished", source);
    }

    @Override
    public void close() {
      copy.close();
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
