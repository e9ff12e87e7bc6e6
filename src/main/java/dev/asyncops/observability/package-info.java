/**
 * What operators see: metrics, health and log fields, taken from the registry and the main context.
 */
@NullMarked
package dev.asyncops.observability;

import org.jspecify.annotations.NullMarked;
