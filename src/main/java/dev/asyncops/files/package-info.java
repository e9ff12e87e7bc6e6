/** Touches the file system, inside a root and never outside it, at the speed of the kernel. */
@NullMarked
package dev.asyncops.files;

import org.jspecify.annotations.NullMarked;
