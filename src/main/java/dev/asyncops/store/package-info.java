/**
 * The durable registry behind {@code registry.OperationStore}: tables, migrations and queries that
 * are the same for every database, and what is SQLite's and PostgreSQL's own.
 *
 * <p>One thread, {@code store-writer}, writes. Whatever waits when it comes round goes into one
 * transaction, and when that is committed all who waited are told by a single entry on the main
 * context. Readers have connections of their own and never wait for the writer.
 */
@NullMarked
package dev.asyncops.store;

import org.jspecify.annotations.NullMarked;
