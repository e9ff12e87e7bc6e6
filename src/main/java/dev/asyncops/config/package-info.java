/**
 * Settings and wiring: the settings records and the {@code @Bean} methods that put the other rooms
 * together, nothing else.
 */
@NullMarked
package dev.asyncops.config;

import org.jspecify.annotations.NullMarked;
