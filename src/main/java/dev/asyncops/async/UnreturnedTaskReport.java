package dev.asyncops.async;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a task with a callback is dropped without ever having been returned: its caller would
 * wait for ever (T24). It knows the task's name and where it was made, and not the task itself.
 *
 * <p>The place is the class of the callback, which names the class that made it; with this class'
 * logger at DEBUG it is the line of code, which costs ten times what all the rest of a task does.
 */
final class UnreturnedTaskReport implements Runnable {

  private static final Logger LOG = System.getLogger(UnreturnedTaskReport.class.getName());
  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().name("task-cleaner").daemon().factory());
  private static final Set<String> OWN_CLASSES =
      Set.of(Task.class.getName(), UnreturnedTaskReport.class.getName());
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final MainContext context;
  private final Class<?> callbackClass;
  private final StackWalker.@Nullable StackFrame site;
  private volatile String name = "task";
  private volatile boolean returned;
  private Cleaner.@Nullable Cleanable cleanable;

  private UnreturnedTaskReport(
      MainContext context, Class<?> callbackClass, StackWalker.@Nullable StackFrame site) {
    this.context = context;
    this.callbackClass = callbackClass;
    this.site = site;
  }

  /** Watches a task that is being made with a callback of that class. */
  static UnreturnedTaskReport watch(Task<?> task, MainContext context, Class<?> callbackClass) {
    StackWalker.StackFrame site = LOG.isLoggable(Level.DEBUG) ? site() : null;
    UnreturnedTaskReport report = new UnreturnedTaskReport(context, callbackClass, site);
    report.cleanable = CLEANER.register(task, report);
    return report;
  }

  void setName(String name) {
    this.name = name;
  }

  /** The task was returned; nothing to report any more. */
  void returned() {
    returned = true;
    if (cleanable != null) {
      cleanable.clean();
    }
  }

  @Override
  public void run() {
    if (!returned) {
      LOG.log(Level.ERROR, "Task '%s' made at %s was never returned.".formatted(name, place()));
      context.listener().taskUnreturned();
    }
  }

  private String place() {
    return site != null ? site.toString() : callbackClass.getName();
  }

  private static StackWalker.@Nullable StackFrame site() {
    return WALKER.walk(frames ->
        frames
            .filter(frame -> !OWN_CLASSES.contains(frame.getClassName()))
            .findFirst()
            .orElse(null));
  }
}
