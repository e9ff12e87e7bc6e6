/**
 * Who may do what: learns from a request who calls, lets it through or refuses it by its scopes,
 * and writes that down. Which operations exist for a caller the registry decides, by the
 * {@linkplain dev.asyncops.registry.Reach roots} that the caller reaches.
 *
 * <p>Tokens and JWTs are read by Spring Security; in a service where nobody has to say who they are
 * nothing of that is there.
 */
@NullMarked
package dev.asyncops.security;

import org.jspecify.annotations.NullMarked;
