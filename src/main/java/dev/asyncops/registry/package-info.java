/**
 * Admits, schedules, remembers, cancels and forgets operations by id. It owns what is to be
 * implemented elsewhere: the store that keeps operations, and the listeners told of their changes.
 *
 * <p>A submission is refused, joins a live operation, or becomes one: counted and saved. When it is
 * saved it is published as QUEUED, answered, and waits for a place. Whatever changes afterwards is
 * published as a new snapshot, with the next revision, in this order: readers, listeners, store.
 * Only the end is saved first. An operation that ends gives back its place and its claims, then its
 * end is announced, then the next one starts.
 *
 * <p>Of submissions with one key the first is decided on, and the others get what it gets; a key
 * that is saved is answered with its operation.
 *
 * <p>While the store fails nothing new is accepted; what happens to live operations is kept and
 * saved when it can be again. What is not over when the service ends goes on after the next start.
 */
@NullMarked
package dev.asyncops.registry;

import org.jspecify.annotations.NullMarked;
