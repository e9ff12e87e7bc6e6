/**
 * Admits, schedules, remembers, cancels and forgets operations by id. It owns what is to be
 * implemented elsewhere: the store that keeps operations, and the listeners told of their changes.
 */
@NullMarked
package dev.asyncops.registry;

import org.jspecify.annotations.NullMarked;
