/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli.h"

/* What is found, on its way to standard output: neighbours of one kind become one line. */
struct findings {
    json_t *list; /* with --json */
    bool has_last;
    struct bauta_finding last;
};

/* "3.000 s to 5.000 s", or one time. */
static void print_times(const struct bauta_finding *f)
{
    if (f->last_s > f->first_s)
        printf("%10.3f s to %10.3f s  ", f->first_s, f->last_s);
    else
        printf("%10.3f s %15s", f->first_s, "");
}

static bool counts_epochs(enum bauta_finding_kind kind)
{
    return kind == BAUTA_FINDING_EPOCH_CUT || kind == BAUTA_FINDING_EPOCH_MOVED ||
           kind == BAUTA_FINDING_HEAD_CUT;
}

static void print_last(struct findings *all)
{
    const struct bauta_finding *f = &all->last;
    static const uint8_t nobody[BAUTA_KEY_ID_SIZE];
    char text[40];
    if (!all->has_last)
        return;
    all->has_last = false;
    print_times(f);
    printf("%s", bauta_finding_name(f->kind));
    if (f->n)
        printf(": %llu %s%s", (unsigned long long)f->n,
               counts_epochs(f->kind) ? "epoch" : "picture", f->n == 1 ? "" : "s");
    if (memcmp(f->key_id, nobody, sizeof(nobody)) != 0)
        printf(", key %s", cli_hex(text, f->key_id, sizeof(f->key_id)));
    if (f->utc_ms)
        printf(", %s", cli_print_utc(text, f->utc_ms));
    if (f->reason[0])
        printf(", \"%s\"", f->reason);
    printf("\n");
}

static bool continues(const struct findings *all, const struct bauta_finding *f)
{
    const struct bauta_finding *last = &all->last;
    return all->has_last && last->kind == f->kind && last->utc_ms == f->utc_ms &&
           memcmp(last->stream_id, f->stream_id, sizeof(f->stream_id)) == 0 &&
           memcmp(last->key_id, f->key_id, sizeof(f->key_id)) == 0 &&
           strcmp(last->reason, f->reason) == 0;
}

static void print(void *user, const struct bauta_finding *f)
{
    struct findings *all = user;
    if (continues(all, f)) {
        all->last.last_s = f->last_s;
        all->last.n += f->n;
        return;
    }
    print_last(all);
    all->last = *f;
    all->has_last = true;
}

static void append(void *user, const struct bauta_finding *f)
{
    struct findings *all = user;
    char stream[40], key[40];
    json_array_append_new(
        all->list,
        json_pack("{s:s, s:b, s:f, s:f, s:I, s:s, s:I, s:s, s:I, s:s}", "finding",
                  bauta_finding_name(f->kind), "fault", f->kind > BAUTA_FINDING_JOINED, "first",
                  f->first_s, "last", f->last_s, "count", (json_int_t)f->n, "stream",
                  cli_hex(stream, f->stream_id, sizeof(f->stream_id)), "epoch",
                  (json_int_t)f->epoch, "key", cli_hex(key, f->key_id, sizeof(f->key_id)), "utc_ms",
                  (json_int_t)f->utc_ms, "reason", f->reason));
}

static void finish(struct findings *all, const struct bauta_verification *v, bool truncated)
{
    if (!all->list) {
        print_last(all);
        printf("%llu of %llu pictures in %llu epochs are authentic%s\n",
               (unsigned long long)v->n_authentic, (unsigned long long)v->n_pictures,
               (unsigned long long)v->n_epochs,
               v->authentic && !truncated ? ": all of it is" : "; not all of it is");
        return;
    }
    json_t *whole = json_pack(
        "{s:b, s:I, s:I, s:I, s:b, s:O}", "authentic", v->authentic && !truncated, "pictures",
        (json_int_t)v->n_pictures, "authentic_pictures", (json_int_t)v->n_authentic, "epochs",
        (json_int_t)v->n_epochs, "truncated", (int)truncated, "findings", all->list);
    if (whole)
        json_dumpf(whole, stdout, JSON_INDENT(2));
    puts("");
    json_decref(whole);
}

static int verify(const struct options *options, struct bauta_signer *const *signers, int n_signers)
{
    const char *path = options->arguments[0];
    bool json = options_has(options, OPTION_JSON);
    const struct bauta_signer *all_signers[MAX_VALUES];
    for (int i = 0; i < n_signers; i++)
        all_signers[i] = signers[i];
    struct findings all = {.list = json ? json_array() : NULL};
    struct bauta_verifier_settings s = {.signers = all_signers,
                                        .n_signers = n_signers,
                                        .user = &all,
                                        .found = json ? append : print};
    struct bauta_verification v;
    struct bauta_file_info info;
    enum bauta_status status = bauta_verify_file(&v, &info, path, &s, cli_log(options));
    if (!status) {
        finish(&all, &v, info.truncated);
        if (info.truncated)
            fprintf(stderr, "bauta: warning: %s: the file is damaged or cut short\n", path);
    }
    json_decref(all.list);
    if (status)
        return cli_exit_status(status);
    if (fflush(stdout) != 0) {
        fprintf(stderr, "bauta: standard output cannot be written\n");
        return EXIT_FAILED;
    }
    if (v.authentic && !info.truncated)
        return EXIT_DONE;
    fprintf(stderr, "bauta: %s: not all of it is as its signer wrote it\n", path);
    return EXIT_TAMPERED;
}

static int run(const struct options *options)
{
    struct bauta_signer *signers[MAX_VALUES] = {NULL};
    int n_signers = options->n_values[OPTION_SIGNER];
    if (n_signers == 0)
        return cli_usage(&command_verify, "verify needs at least one --signer");
    int status = cli_read_signers(signers, options);
    if (!status)
        status = verify(options, signers, n_signers);
    for (int i = 0; i < n_signers; i++)
        bauta_signer_free(&signers[i]);
    return status;
}

static const enum option_id known[] = {OPTION_SIGNER, OPTION_JSON, OPTION_QUIET, N_OPTIONS};

const struct command command_verify = {
    "verify",
    "--signer FILE.pub [--json] IN",
    "Tells which parts of a recording are as its signer wrote them, and what became of the others.",
    1,
    known,
    run,
};
