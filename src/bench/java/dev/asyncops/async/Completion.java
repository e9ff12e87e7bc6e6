package dev.asyncops.async;

import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The ways to hand a result to a callback on one thread that are measured beside each other: each
 * makes something that stands for the result, puts the callback to it, and completes it.
 */
public enum Completion {
  /** Ours. */
  TASK {
    @Override
    Running start(Runnable callback) {
      MainContext context = new MainContext("bench");
      Thread.ofPlatform().name("main-context").daemon().start(context::run);
      TaskCallback<Integer> ready =
          (_, result) -> {
            try {
              result.propagate();
            } catch (OperationException e) {
              throw new AssertionError(e);
            }
            callback.run();
          };
      Runnable complete =
          () -> {
            Task<Integer> task = Task.create(context, context, Cancellable.none(), ready);
            task.returnValue(1);
          };
      return new Running(complete, action -> context.post(Priority.DEFAULT, action), context);
    }
  },
  /** The JDK's, on its single-thread executor. */
  COMPLETABLE_FUTURE {
    @Override
    Running start(Runnable callback) {
      ExecutorService executor = Executors.newSingleThreadExecutor();
      BiConsumer<Integer, Throwable> ready = (_, _) -> callback.run();
      Runnable complete =
          () -> {
            CompletableFuture<Integer> future = new CompletableFuture<>();
            future.whenCompleteAsync(ready, executor);
            future.complete(1);
          };
      return new Running(complete, executor::execute, executor);
    }
  },
  /** Netty's, on its loop without channels; on the loop itself it calls back inside completing. */
  NETTY_PROMISE {
    @Override
    Running start(Runnable callback) {
      DefaultEventLoop loop = new DefaultEventLoop();
      GenericFutureListener<Future<Integer>> ready = _ -> callback.run();
      Runnable complete =
          () -> {
            Promise<Integer> promise = loop.newPromise();
            promise.addListener(ready);
            promise.setSuccess(1);
          };
      return new Running(complete, loop::execute, loop::shutdownGracefully);
    }
  },
  /** Reactor's, on its single scheduler. */
  REACTOR_SINK {
    @Override
    Running start(Runnable callback) {
      Scheduler scheduler = Schedulers.newSingle("bench");
      Runnable complete =
          () -> {
            Sinks.One<Integer> sink = Sinks.one();
            sink.asMono().publishOn(scheduler).subscribe(_ -> callback.run());
            sink.tryEmitValue(1);
          };
      return new Running(complete, scheduler::schedule, scheduler::dispose);
    }
  };

  abstract Running start(Runnable callback);

  /** How to complete one, how to run something on the callbacks' thread, and how to stop that. */
  record Running(Runnable complete, Executor executor, AutoCloseable stop) {}
}
