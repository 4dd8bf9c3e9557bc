/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/secrets.h>
#include <bauta/version.h>
#include <glib-unix.h>
#include <gst/gst.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "base/install_paths.h"
#include "base/tls.h"
#include "camera/encoder.h"
#include "notify.h"
#include "service.h"
#include "source/source.h"
#include "state/certificate.h"

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

static const struct config_checks checks = {source_check, encoder_check};

/* What signals act on. */
struct program {
    char *path; /* of the configuration */
    struct log log;
    GMainLoop *loop;
    struct service *service;
};

static gboolean stop(gpointer user)
{
    struct program *program = user;
    notify_stopping();
    g_main_loop_quit(program->loop);
    return G_SOURCE_CONTINUE;
}

static gboolean reload(gpointer user)
{
    struct program *program = user;
    notify_reloading();
    GPtrArray *problems = g_ptr_array_new_with_free_func(g_free);
    struct service_config *config = config_read(program->path, &checks, problems);
    for (guint i = 0; i < problems->len; i++)
        log_write(&program->log, BAUTA_LOG_ERROR, NULL, "config", "%s",
                  (const char *)problems->pdata[i]);
    g_ptr_array_unref(problems);
    if (config) {
        program->log.json = config->log_json;
        service_reload(program->service, config);
    }
    log_write(&program->log, config ? BAUTA_LOG_INFO : BAUTA_LOG_ERROR, NULL, "reload", "%s",
              config ? "the configuration was read anew"
                     : "the configuration is wrong: the one before goes on");
    notify_ready(config ? "cameras run" : "the last reload failed, see the log");
    return G_SOURCE_CONTINUE;
}

static int serve(struct program *program, struct service_config *config)
{
    program->loop = g_main_loop_new(NULL, FALSE);
    program->service = service_new(config, &program->log);
    if (!program->service)
        return STATUS_FAILED;
    guint signals[] = {g_unix_signal_add(SIGTERM, stop, program),
                       g_unix_signal_add(SIGINT, stop, program),
                       g_unix_signal_add(SIGHUP, reload, program)};
    log_write(&program->log, BAUTA_LOG_INFO, NULL, "started", "with %d camera%s",
              service_n_cameras(program->service),
              service_n_cameras(program->service) == 1 ? "" : "s");
    struct notify *notify = notify_new(program->service, &program->log);
    unsigned trimming = heap_start_trimming();
    g_main_loop_run(program->loop);
    heap_stop_trimming(trimming);
    log_write(&program->log, BAUTA_LOG_INFO, NULL, "stopping", "what was taken in still leaves");
    notify_free(notify);
    service_free(program->service);
    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
        g_source_remove(signals[i]);
    g_main_loop_unref(program->loop);
    log_write(&program->log, BAUTA_LOG_INFO, NULL, "stopped", "everything is closed");
    return STATUS_DONE;
}

static void write_sentence(void *user, enum bauta_log_level level, const char *sentence)
{
    log_write(user, level, NULL, "library", "%s", sentence);
}

static int run(struct program *program, bool check_only)
{
    GPtrArray *problems = g_ptr_array_new_with_free_func(g_free);
    struct service_config *config = config_read(program->path, &checks, problems);
    for (guint i = 0; i < problems->len; i++)
        fprintf(stderr, "bauta-live: %s\n", (const char *)problems->pdata[i]);
    g_ptr_array_unref(problems);
    if (!config)
        return STATUS_USAGE;
    log_init(&program->log, config->log_json);
    if (check_only) {
        certificate_look(&(struct certificate_watch){0}, config, &program->log);
        printf("%s: %d camera%s, it can be used; only video leaves: sound and other tracks of a "
               "source are left out\n",
               program->path, config->n_cameras, config->n_cameras == 1 ? "" : "s");
        config_free(config);
        return STATUS_DONE;
    }
    const struct bauta_log log = {write_sentence, &program->log};
    bauta_secrets_guard(&log);
    return serve(program, config);
}

static bool has_element(const char *name)
{
    return gst_registry_check_feature_version(gst_registry_get(), name, 0, 0, 0);
}

/* The plugin is where GStreamer looks, or, where it was built, beside this program, or where it was
 * installed under another prefix than GStreamer's. */
static bool find_elements(void)
{
    char *built = install_paths_beside("gst");
    const char *const folders[] = {built, BAUTA_PLUGIN_DIR};
    for (size_t i = 0; i < G_N_ELEMENTS(folders) && !has_element("bautaprotect"); i++)
        gst_registry_scan_path(gst_registry_get(), folders[i]);
    g_free(built);
    return has_element("bautaprotect") && has_element("bautaattach");
}

int main(int argc, char **argv)
{
    heap_tame();
    char *weak = tls_harden();
    if (weak) {
        fprintf(stderr, "bauta-live: %s\n", weak);
        g_free(weak);
        return STATUS_USAGE;
    }
    struct program program = {.path = NULL};
    gboolean check_only = FALSE, version = FALSE;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &program.path, "the configuration", "FILE"},
        {"check-config", 0, 0, G_OPTION_ARG_NONE, &check_only, "say what is wrong with it, no more",
         NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &version, "say which version this is", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    GOptionContext *options = g_option_context_new("- protected cameras over RTSP, ONVIF and HTTP");
    g_option_context_add_main_entries(options, entries, NULL);
    GError *error = NULL;
    bool good = g_option_context_parse(options, &argc, &argv, &error);
    g_option_context_free(options);
    if (good && version) {
        printf("bauta-live %s\n", bauta_version());
        return STATUS_DONE;
    }
    if (!good || !program.path || argc > 1) {
        fprintf(stderr, "bauta-live: %s\nusage: bauta-live --config FILE [--check-config]\n",
                error ? error->message : "which configuration?");
        g_clear_error(&error);
        return STATUS_USAGE;
    }
    signal(SIGPIPE, SIG_IGN); /* a client that is gone is an error like others */
    install_paths_find_detector();
    gst_init(NULL, NULL);
    if (!find_elements()) {
        fputs("bauta-live: GStreamer's plugin 'bauta' is not there: nothing can be protected\n",
              stderr);
        return STATUS_FAILED;
    }
    int status = run(&program, check_only);
    g_free(program.path);
    return status;
}
