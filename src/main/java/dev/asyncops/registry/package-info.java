/**
 * Admits, schedules, remembers, cancels and forgets operations by id. It owns what is to be
 * implemented elsewhere: the store that keeps operations, and the listeners told of their changes.
 *
 * <p>A submission is refused, joins a live operation, or becomes one: counted, published as QUEUED,
 * and saved. When it is saved it is answered and waits for a place. Whatever changes afterwards is
 * published as a new snapshot, with the next revision, in this order: readers, listeners, store.
 * Only the end is saved first. An operation that ends gives back its place and its claims, then its
 * end is announced, then the next one starts.
 */
@NullMarked
package dev.asyncops.registry;

import org.jspecify.annotations.NullMarked;
