/**
 * The asynchronous pattern itself: a task is returned once, on the main context, and one flag
 * cancels all that belongs to it. It stands on the JDK alone.
 *
 * <p>A {@link dev.asyncops.async.Task} carries one run of an operation from its start to its
 * callback; a {@link dev.asyncops.async.Cancellable} asks it to stop; callbacks run on the one
 * {@link dev.asyncops.async.MainContext}. The ids in brackets, such as (T10), are those of the
 * rules; a test is named after each.
 *
 * <h2>Synchronization</h2>
 *
 * <p>A task:
 *
 * <pre>
 *              return, no function runs; or cancelled with return-on-cancel (R3)
 *           ┌───────────────────────────────────────────────┐
 *           │                                               ▼    callback ended
 *        PENDING ── return, function runs ─► RETURNED ──► POSTED ───────────────► COMPLETED
 *           │                                   │           ▲ │
 *           │                                   └───────────┤ └─ context closed ─► DROPPED (M21)
 *           └───────────────────────────────────────────────┘
 *              function ended (R2, R8); or cancelled with return-on-cancel
 * </pre>
 *
 * <p>Whoever moves a task to POSTED posts its delivery, so there is one (T1). Whoever moves it away
 * from PENDING gives it its result, so the first return wins (T10) and nothing writes the result
 * that the callback reads. Its data and owner go when it is COMPLETED or DROPPED <em>and</em> no
 * function runs: whichever comes last takes them (T22).
 *
 * <p>An entry of the context, and a handler of a cancellable:
 *
 * <pre>
 *        READY ──── the loop ───► RUNNING ── ended ──► OVER      CONNECTED ─ cancel ─► RUNNING ─► OVER
 *          │ ▲                       │                   ▲           │                              ▲
 *          │ └── repeating timeout ──┘                   │           └───────── disconnect ─────────┘
 *          └───────────────── close ─────────────────────┘
 * </pre>
 *
 * <p>Whoever moves an entry away from READY, or takes a handler from the list, has it: runs it or
 * drops it, and then its release hook. Disconnecting a RUNNING handler waits until it is OVER,
 * except in the thread that runs it (C10, C11); closing a RUNNING entry waits for nothing (M14).
 *
 * <table>
 *   <caption>What guards what</caption>
 *   <tr><th>fields</th><th>guarded by</th><th>touched by</th></tr>
 *   <tr><td>{@code EntryQueue}: lanes, timeouts, sleeping, wake-up request</td>
 *       <td>its lock</td><td>any thread</td></tr>
 *   <tr><td>{@code EntryQueue.closed}, {@code MainContext.quitRequested}</td>
 *       <td>volatile; the first is written under the queue's lock</td><td>any thread</td></tr>
 *   <tr><td>a {@code Lane} that was taken</td><td>confined</td><td>the owner</td></tr>
 *   <tr><td>{@code Timeout}: deadline and sequence</td><td>the queue's lock</td>
 *       <td>any thread</td></tr>
 *   <tr><td>{@code Entry.state}</td><td>compare and set</td><td>any thread</td></tr>
 *   <tr><td>{@code Entry}: action and hook</td><td>the state</td><td>who has the entry</td></tr>
 *   <tr><td>{@code Ownership}: owner and depth</td>
 *       <td>its lock; the owner is volatile and may be read without</td><td>any thread</td></tr>
 *   <tr><td>{@code MainContext}: iteration, dispatching</td><td>confined</td>
 *       <td>the owner</td></tr>
 *   <tr><td>{@code DispatchReport}: running, dispatches</td><td>release and acquire</td>
 *       <td>written by the owner, sampled by the watchdog</td></tr>
 *   <tr><td>{@code Cancellable}: list, states and runners of handlers</td><td>its lock</td>
 *       <td>any thread</td></tr>
 *   <tr><td>{@code Cancellable.cancelled}</td><td>volatile; written under the lock</td>
 *       <td>any thread</td></tr>
 *   <tr><td>{@code Task}: all that can change</td>
 *       <td>its lock; {@code waiting} is volatile and may be read without</td>
 *       <td>any thread</td></tr>
 *   <tr><td>{@code TaskWorker.thread}</td><td>volatile</td>
 *       <td>written by the worker, read by a cancelling thread</td></tr>
 *   <tr><td>{@code OperationProgress}, all operation state above this room</td>
 *       <td>confined, and asserted</td><td>the owner</td></tr>
 * </table>
 *
 * <p><b>Order of locks.</b> There is none to know: no lock of this room is held while another one
 * is taken or while anything is called out to, be it an action, handler, callback, hook, listener
 * or log. The clock is the one exception: the queue reads it under its lock, so a {@link
 * dev.asyncops.async.Ticker} must not call back. What is left to callers is C12, said at {@link
 * dev.asyncops.async.Cancellable#connect}: whoever holds a lock that a handler takes must not
 * disconnect it, and the main context must not wait for a handler that waits for the main context.
 *
 * <p><b>Happens-before.</b> Posting before running (the queue's lock); returning before the
 * callback (the task's lock); the callback before {@code completed}, its listeners and all that the
 * loop does later; one owner's last release before the next one's acquiring; setting the flag of a
 * cancellable before its handlers, and the end of a handler before the return of its disconnecting.
 */
@NullMarked
package dev.asyncops.async;

import org.jspecify.annotations.NullMarked;
