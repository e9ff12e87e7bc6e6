/**
 * The asynchronous pattern itself: a task is returned once, on the main context, and one flag
 * cancels all that belongs to it. It stands on the JDK alone.
 */
@NullMarked
package dev.asyncops.async;

import org.jspecify.annotations.NullMarked;
