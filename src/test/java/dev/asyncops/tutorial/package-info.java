/**
 * The pattern by example: how a caller of the {@code async} room writes asynchronous code, with the
 * assertions that prove it. Nothing here is mocked: the files and sockets are real, and the test
 * thread plays the main context's.
 *
 * <p>Read in this order:
 *
 * <ol>
 *   <li>{@link dev.asyncops.tutorial.AsyncFiles} and {@link dev.asyncops.tutorial.AsyncSockets}:
 *       the pairs of start and finish that the examples call, and {@link
 *       dev.asyncops.tutorial.PairTests} for what each pair promises.
 *   <li>{@link dev.asyncops.tutorial.SingleOperationTests}: one call, one cancel button.
 *   <li>{@link dev.asyncops.tutorial.SynchronousTests}: the same, blocking, and what that costs.
 *   <li>{@link dev.asyncops.tutorial.SeriesTests}: each step starts in the callback of the one
 *       before.
 *   <li>{@link dev.asyncops.tutorial.ParallelTests}: many at once, and two counts that tell when
 *       the last one is over.
 *   <li>{@link dev.asyncops.tutorial.WrappedTaskTests}: the series as an operation of its own, with
 *       its state in a task.
 *   <li>{@link dev.asyncops.tutorial.LifetimeTests}: what closing or dropping an object means for
 *       what it has started.
 * </ol>
 */
@NullMarked
package dev.asyncops.tutorial;

import org.jspecify.annotations.NullMarked;
