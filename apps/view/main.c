/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/secrets.h>
#include <bauta/version.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certificate.h"
#include "signpost.h"
#include "tls.h"
#include "web.h"

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_DENIED = 3 };

/* What the command line says, and what becomes of it. */
struct program {
    char *listen, **signer_paths, *audit, *certificate_path, *key_path, *user, *password_path;
    gboolean open, version;
    char *what;
    struct address address;
    GTlsCertificate *certificate;
    struct bauta_signer **signers;
    int n_signers;
    struct recordings *recordings;
    struct live *live;
    struct look *look;
};

static void say(const char *sentence)
{
    fprintf(stderr, "bauta-view: %s\n", sentence);
}

static void hear(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    if (level <= BAUTA_LOG_WARNING)
        say(sentence);
}

static const struct bauta_log log_ = {hear, NULL};

static int fail_usage(const char *sentence)
{
    say(sentence);
    return STATUS_USAGE;
}

/* Takes the sentence. */
static int fail(char *sentence)
{
    say(sentence);
    g_free(sentence);
    return STATUS_FAILED;
}

static int parse(struct program *p, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        {"listen", 0, 0, G_OPTION_ARG_STRING, &p->listen, "where (127.0.0.1)", "ADDR[:PORT]"},
        {"signer", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &p->signer_paths, "who signs", "FILE.pub"},
        {"audit", 0, 0, G_OPTION_ARG_FILENAME, &p->audit, "the audit log", "FILE"},
        {"certificate", 0, 0, G_OPTION_ARG_FILENAME, &p->certificate_path, "for TLS", "FILE"},
        {"private-key", 0, 0, G_OPTION_ARG_FILENAME, &p->key_path, "for TLS", "FILE"},
        {"user", 0, 0, G_OPTION_ARG_STRING, &p->user, "of the camera", "NAME"},
        {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &p->password_path, "of the camera", "FILE"},
        {"open", 0, 0, G_OPTION_ARG_NONE, &p->open, "open it in the browser", NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &p->version, "say which version this is", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    GOptionContext *context = g_option_context_new("FILE|DIR|rtsp://... - looks at recordings");
    g_option_context_add_main_entries(context, entries, NULL);
    GError *error = NULL;
    const bool good = g_option_context_parse(context, &argc, &argv, &error);
    int status = good ? STATUS_DONE : fail_usage(error->message);
    g_clear_error(&error);
    g_option_context_free(context);
    const int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
    if (!status && !p->version && argc - first != 1)
        status = fail_usage("which recording? One file, folder or address is needed");
    if (!status && !p->version && !p->audit)
        status = fail_usage("which audit log?");
    if (!status && argc > first)
        p->what = g_strdup(argv[first]);
    return status;
}

/* Browsers give a page what it needs to decrypt only over TLS, or from this machine. */
static int read_address(struct program *p)
{
    if (!address_parse(&p->address, p->listen ? p->listen : "127.0.0.1"))
        return fail_usage("--listen wants an address, as 127.0.0.1, 10.0.0.1:8443 or [::1]:8080");
    if (!p->certificate_path != !p->key_path)
        return fail_usage("--certificate and --private-key go together");
    if (!p->certificate_path && !g_inet_address_get_is_loopback(p->address.host))
        return fail_usage("browsers decrypt only on pages that come by TLS or from their own "
                          "machine: --listen with another address than 127.0.0.1 or [::1] needs "
                          "--certificate and --private-key");
    if (!p->certificate_path)
        return STATUS_DONE;
    char *problem = NULL;
    const enum bauta_status status = bauta_secret_check(p->key_path, &log_);
    if (status)
        return status == BAUTA_ERR_DENIED ? STATUS_DENIED : STATUS_FAILED;
    p->certificate = certificate_read(p->certificate_path, p->key_path, &problem);
    return p->certificate ? STATUS_DONE : fail(problem);
}

static int read_signers(struct program *p)
{
    const int n = p->signer_paths ? (int)g_strv_length(p->signer_paths) : 0;
    p->signers = g_new0(struct bauta_signer *, (gsize)n + 1);
    for (; p->n_signers < n; p->n_signers++)
        if (bauta_signer_read(&p->signers[p->n_signers], p->signer_paths[p->n_signers], &log_))
            return STATUS_FAILED;
    return STATUS_DONE;
}

static int read_camera(struct program *p, const struct bauta_signer *const *signers)
{
    char *password = NULL, *problem = NULL;
    const enum bauta_status status =
        p->password_path ? bauta_secret_read(&password, p->password_path, &log_) : BAUTA_OK;
    if (!status)
        p->live = live_new(p->what, p->user, password, signers, p->n_signers, &problem);
    bauta_secret_free(&password);
    if (p->live)
        return STATUS_DONE;
    if (!status)
        return fail(problem);
    return status == BAUTA_ERR_DENIED ? STATUS_DENIED : STATUS_FAILED;
}

static int read_recordings(struct program *p)
{
    const struct bauta_signer *const *signers = (const struct bauta_signer *const *)p->signers;
    struct bauta_file_info info;
    char *problem = NULL;
    if (!p->user != !p->password_path)
        return fail_usage("--user and --password-file go together");
    if (p->user && !live_is_address(p->what))
        return fail_usage("--user and --password-file are a camera's");
    if (live_is_address(p->what))
        return read_camera(p, signers);
    p->recordings = recordings_new(p->what, &problem);
    if (!p->recordings)
        return fail(problem);
    if (recordings_is_file(p->recordings) && bauta_probe_file(&info, p->what, &log_))
        return STATUS_FAILED;
    p->look = look_new(p->recordings, signers, p->n_signers);
    return STATUS_DONE;
}

static gboolean stop(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static int serve(struct program *p)
{
    const struct web_settings settings = {
        .recordings = p->recordings,
        .live = p->live,
        .look = p->look,
        .signer_paths = (const char *const *)p->signer_paths,
        .signers = (const struct bauta_signer *const *)p->signers,
        .n_signers = p->n_signers,
        .audit_path = p->audit,
        .certificate = p->certificate,
        .address = p->address,
    };
    char *problem = NULL;
    struct web *web = web_new(&settings, &problem);
    if (!web)
        return fail(problem);
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    const guint signals[] = {g_unix_signal_add(SIGTERM, stop, loop),
                             g_unix_signal_add(SIGINT, stop, loop)};
    char *address = web_address(web);
    puts(address);
    fflush(stdout);
    char *signpost = p->open ? signpost_open(address) : NULL;
    g_main_loop_run(loop);
    signpost_remove(signpost);
    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
        g_source_remove(signals[i]);
    web_free(web);
    g_main_loop_unref(loop);
    g_free(address);
    return STATUS_DONE;
}

static void clear(struct program *p, int status)
{
    live_free(p->live);
    if (p->look && !look_free(p->look))
        _exit(status); /* a long file is being read: nobody waits for its end */
    recordings_free(p->recordings);
    for (int i = 0; i < p->n_signers; i++)
        bauta_signer_free(&p->signers[i]);
    g_free(p->signers);
    g_clear_object(&p->certificate);
    address_clear(&p->address);
    g_strfreev(p->signer_paths);
    g_free(p->listen);
    g_free(p->audit);
    g_free(p->certificate_path);
    g_free(p->key_path);
    g_free(p->user);
    g_free(p->password_path);
    g_free(p->what);
}

int main(int argc, char **argv)
{
    struct program program = {.listen = NULL};
    int status = parse(&program, argc, argv);
    char *weak = status ? NULL : tls_harden();
    if (weak)
        status = fail_usage(weak);
    g_free(weak);
    if (!status && program.version) {
        printf("bauta-view %s\n", bauta_version());
    } else if (!status) {
        signal(SIGPIPE, SIG_IGN); /* a client that is gone is an error like others */
        bauta_secrets_guard(&log_);
        status = read_address(&program);
        if (!status)
            status = read_signers(&program);
        if (!status)
            status = read_recordings(&program);
        if (!status)
            status = serve(&program);
    }
    clear(&program, status);
    return status;
}
