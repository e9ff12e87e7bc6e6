/**
 * HTTP in and out: routes, request and answer records, problem documents, event streams and
 * authentication. It translates between HTTP and the rooms below and decides nothing else.
 */
@NullMarked
package dev.asyncops.http;

import org.jspecify.annotations.NullMarked;
