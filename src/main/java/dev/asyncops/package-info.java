/** The front door: starts the service and knows nothing but {@code config}. */
@NullMarked
package dev.asyncops;

import org.jspecify.annotations.NullMarked;
