/**
 * What a copy, a delete-batch and a connect operation do. An operation knows nothing of ids or
 * HTTP.
 */
@NullMarked
package dev.asyncops.operations;

import org.jspecify.annotations.NullMarked;
