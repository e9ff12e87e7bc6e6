/*
 * The same work by GLib's own library, as its tutorials do it. Prints seconds.
 *
 *   gio-peer copy SOURCE DESTINATION
 *   gio-peer cancel SOURCE DESTINATION MILLIS   from g_cancellable_cancel to the callback
 *   gio-peer delete IN_FLIGHT <paths            one Cancellable for all; 0 starts all at once
 *   gio-peer unlink THREADS <paths              not GLib's way: the bare system call, each thread
 *                                               a part of the list; what nobody can be faster than
 *   gio-peer connect IN_FLIGHT COUNT ADDRESS_FILE
 */
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static GMainLoop *loop;
static GCancellable *cancellable;
static gint64 began;
static guint pending, to_start, failed;

static void report(void) {
  g_print("%.6f\n", (g_get_monotonic_time() - began) / 1e6);
  g_main_loop_quit(loop);
}

/* ---- copy and cancel */

static void on_copied(GObject *source, GAsyncResult *result, gpointer to_be_cancelled) {
  GError *error = NULL;
  g_file_copy_finish(G_FILE(source), result, &error);
  gboolean cancelled = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (to_be_cancelled ? !cancelled : error != NULL) {
    g_printerr("copy: %s\n", error ? error->message : "over before it was cancelled");
    failed++;
  }
  g_clear_error(&error);
  report();
}

static gboolean on_time_to_cancel(gpointer unused) {
  (void)unused;
  began = g_get_monotonic_time();
  g_cancellable_cancel(cancellable);
  return G_SOURCE_REMOVE;
}

static void copy(const char *from, const char *to, const char *millis) {
  GFile *source = g_file_new_for_path(from), *destination = g_file_new_for_path(to);
  began = g_get_monotonic_time();
  g_file_copy_async(source, destination, G_FILE_COPY_NONE, G_PRIORITY_DEFAULT, cancellable, NULL,
                    NULL, on_copied, (gpointer)millis);
  if (millis) g_timeout_add(atoi(millis), on_time_to_cancel, NULL);
  g_main_loop_run(loop);
  g_object_unref(source);
  g_object_unref(destination);
}

/* ---- delete */

static char **paths;

static void on_deleted(GObject *source, GAsyncResult *result, gpointer unused);

static void delete_next(void) {
  GFile *file = g_file_new_for_path(paths[--to_start]);
  g_file_delete_async(file, G_PRIORITY_DEFAULT, cancellable, on_deleted, NULL);
  g_object_unref(file);
}

static void on_deleted(GObject *source, GAsyncResult *result, gpointer unused) {
  (void)unused;
  if (!g_file_delete_finish(G_FILE(source), result, NULL)) failed++;
  if (to_start > 0) delete_next();
  if (--pending == 0) report();
}

static void read_paths(void) {
  GIOChannel *in = g_io_channel_unix_new(0);
  char *text = NULL;
  g_io_channel_set_encoding(in, NULL, NULL);
  g_io_channel_read_to_end(in, &text, NULL, NULL);
  paths = g_strsplit(g_strchomp(text), "\n", -1);
  pending = to_start = g_strv_length(paths);
}

static void delete_all(guint in_flight) {
  read_paths();
  guint first = in_flight == 0 ? pending : MIN(in_flight, pending);
  began = g_get_monotonic_time();
  while (first-- > 0) delete_next();
  g_main_loop_run(loop);
}

/* ---- unlink */

typedef struct {
  char **next, **end;
} Part;

static gpointer unlink_part(gpointer data) {
  Part *part = data;
  for (; part->next < part->end; part->next++)
    if (unlink(*part->next) != 0) g_atomic_int_inc(&failed);
  return NULL;
}

static void unlink_all(guint count) {
  read_paths();
  Part *parts = g_new(Part, count);
  GThread **threads = g_new(GThread *, count);
  began = g_get_monotonic_time();
  for (guint i = 0; i < count; i++) {
    parts[i] = (Part){paths + (gsize)pending * i / count, paths + (gsize)pending * (i + 1) / count};
    threads[i] = g_thread_new("unlink", unlink_part, &parts[i]);
  }
  for (guint i = 0; i < count; i++) g_thread_join(threads[i]);
  report();
}

/* ---- connect: read the address file, connect, read what the server says */

static GSocketClient *client;
static GFile *address_file;

typedef struct {
  GSocketConnection *connection;
  char message[128];
} Call;

static void call_next(void);

static void call_over(Call *call, gboolean good) {
  if (!good) failed++;
  if (call->connection) g_object_unref(call->connection);
  g_free(call);
  if (to_start > 0) call_next();
  if (--pending == 0) report();
}

static void on_read(GObject *stream, GAsyncResult *result, gpointer call) {
  call_over(call, g_input_stream_read_finish(G_INPUT_STREAM(stream), result, NULL) > 0);
}

static void on_connected(GObject *source, GAsyncResult *result, gpointer data) {
  Call *call = data;
  call->connection =
      g_socket_client_connect_to_host_finish(G_SOCKET_CLIENT(source), result, NULL);
  if (!call->connection) {
    call_over(call, FALSE);
    return;
  }
  g_input_stream_read_async(g_io_stream_get_input_stream(G_IO_STREAM(call->connection)),
                            call->message, sizeof call->message, G_PRIORITY_DEFAULT, cancellable,
                            on_read, call);
}

static void on_address(GObject *source, GAsyncResult *result, gpointer call) {
  char *address = NULL;
  if (!g_file_load_contents_finish(G_FILE(source), result, &address, NULL, NULL, NULL)) {
    call_over(call, FALSE);
    return;
  }
  g_socket_client_connect_to_host_async(client, g_strchomp(address), 123, cancellable,
                                        on_connected, call);
  g_free(address);
}

static void call_next(void) {
  to_start--;
  g_file_load_contents_async(address_file, cancellable, on_address, g_new0(Call, 1));
}

static void connect_all(guint in_flight, guint count, const char *address) {
  client = g_socket_client_new();
  address_file = g_file_new_for_path(address);
  pending = to_start = count;
  began = g_get_monotonic_time();
  for (guint i = 0; i < MIN(in_flight, count); i++) call_next();
  g_main_loop_run(loop);
}

int main(int argc, char **argv) {
  const char *work = argc > 1 ? argv[1] : "";
  loop = g_main_loop_new(NULL, FALSE);
  cancellable = g_cancellable_new();
  if (!strcmp(work, "copy") && argc == 4) copy(argv[2], argv[3], NULL);
  else if (!strcmp(work, "cancel") && argc == 5) copy(argv[2], argv[3], argv[4]);
  else if (!strcmp(work, "delete") && argc == 3) delete_all(atoi(argv[2]));
  else if (!strcmp(work, "unlink") && argc == 3) unlink_all(atoi(argv[2]));
  else if (!strcmp(work, "connect") && argc == 5) connect_all(atoi(argv[2]), atoi(argv[3]), argv[4]);
  else g_error("see the head of gio-peer.c");
  if (failed > 0) g_printerr("%u failed\n", failed);
  return failed > 0;
}
