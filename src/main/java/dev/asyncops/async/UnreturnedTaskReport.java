package dev.asyncops.async;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

/**
 * Tells when a task with a callback is dropped without ever having been returned: its caller would
 * wait for ever (T24). It knows the task's name and where it was made, and not the task itself.
 */
final class UnreturnedTaskReport implements Runnable {

  private static final Logger LOG = System.getLogger(UnreturnedTaskReport.class.getName());
  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().name("task-cleaner").daemon().factory());
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final MainContext context;
  private final String site;
  private volatile String name = "task";
  private volatile boolean returned;
  private Cleaner.@org.jspecify.annotations.Nullable Cleanable cleanable;

  private UnreturnedTaskReport(MainContext context, String site) {
    this.context = context;
    this.site = site;
  }

  /** Watches a task that is being made. */
  static UnreturnedTaskReport watch(Task<?> task, MainContext context) {
    UnreturnedTaskReport report = new UnreturnedTaskReport(context, site());
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
      LOG.log(Level.ERROR, "Task '%s' made at %s was never returned.".formatted(name, site));
      context.listener().taskUnreturned();
    }
  }

  private static String site() {
    return WALKER.walk(frames ->
        frames
            .filter(frame -> !frame.getClassName().startsWith(Task.class.getName()))
            .filter(frame -> !frame.getClassName().equals(UnreturnedTaskReport.class.getName()))
            .findFirst()
            .map(StackWalker.StackFrame::toString)
            .orElse("an unknown place"));
  }
}
