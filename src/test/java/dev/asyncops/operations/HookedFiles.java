package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.RootPath;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

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
              hook.before(method.getName(), (RootPath) arguments[0]);
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
