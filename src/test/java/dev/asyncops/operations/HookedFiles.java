package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.OpenDirectory;
import dev.asyncops.files.RootPath;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/** Real file access with a hook before every call, to hold a worker or to make a call fail. */
final class HookedFiles {

  /** Runs on the worker, before the call. */
  interface Hook {

    /**
     * What to do first; what it throws becomes the call's failure.
     *
     * @param call the name of the method, e.g. {@code delete}
     */
    void before(String call, RootPath path) throws OperationException;
  }

  private HookedFiles() {}

  static FileAccess of(FileAccess real, Hook hook) {
    return (FileAccess)
        Proxy.newProxyInstance(
            FileAccess.class.getClassLoader(),
            new Class<?>[] {FileAccess.class},
            (_, method, arguments) -> {
              if (method.getName().equals("openDirectory")) { // told by what is done in it
                RootPath directory = (RootPath) arguments[0];
                return new Hooked(directory, real.openDirectory(directory), hook);
              }
              hook.before(method.getName(), (RootPath) arguments[0]);
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private record Hooked(RootPath path, OpenDirectory directory, Hook hook)
      implements OpenDirectory {

    @Override
    public void delete(String name) throws OperationException {
      hook.before("delete", path.resolve(name));
      directory.delete(name);
    }

    @Override
    public DirectoryListing list() throws OperationException {
      hook.before("list", path);
      return directory.list();
    }

    @Override
    public OpenDirectory openDirectory(List<String> names) throws OperationException {
      RootPath below = path;
      for (String name : names) {
        below = below.resolve(name);
      }
      return new Hooked(below, directory.openDirectory(names), hook);
    }

    @Override
    public void close() {
      directory.close();
    }
  }
}
