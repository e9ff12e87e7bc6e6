package dev.asyncops.async;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The ways to have callbacks run on one thread that are measured beside each other. */
public enum SingleThread {
  /** Ours. */
  MAIN_CONTEXT {
    @Override
    Running start() {
      MainContext context = new MainContext("bench");
      Thread.ofPlatform().name("main-context").daemon().start(context::run);
      return new Running(action -> context.post(Priority.DEFAULT, action), context);
    }
  },
  /** The JDK's. */
  SINGLE_THREAD_EXECUTOR {
    @Override
    Running start() {
      ExecutorService executor = Executors.newSingleThreadExecutor();
      return new Running(executor, executor);
    }
  },
  /** Netty's loop without channels. */
  NETTY_DEFAULT_LOOP {
    @Override
    Running start() {
      return running(new DefaultEventLoop());
    }
  },
  /** Netty's loop with a selector, as a server runs it. */
  NETTY_NIO_LOOP {
    @Override
    Running start() {
      return running(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()));
    }
  },
  /** Reactor's. */
  REACTOR_SINGLE {
    @Override
    Running start() {
      Scheduler scheduler = Schedulers.newSingle("bench");
      return new Running(scheduler::schedule, scheduler::dispose);
    }
  };

  abstract Running start();

  private static Running running(EventLoopGroup group) {
    return new Running(group.next(), group::shutdownGracefully);
  }

  /** A started one, and how to stop it. */
  record Running(Executor executor, AutoCloseable stop) {}
}
