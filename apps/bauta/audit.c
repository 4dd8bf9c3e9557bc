/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <jansson.h>

#include "audit_note.h"
#include "printable.h"

static int open_log(struct bauta_audit **audit, const struct options *options)
{
    char path[4096];
    if (!audit_path(path, options))
        return EXIT_FAILED;
    return cli_exit_status(bauta_audit_open_existing(audit, path, cli_log(options)));
}

static enum bauta_status print_row(void *user, const struct bauta_audit_row *r)
{
    (void)user;
    enum { MOST = 6 * 4096 }; /* every byte of a text escaped */
    static char text[2][MOST];
    char when[32];
    printf("%6llu  %s  %-9s %-8s %s  %s\n", (unsigned long long)r->sequence,
           cli_print_utc(when, r->utc_ms), r->action, r->outcome, printable(text[0], MOST, r->who),
           printable(text[1], MOST, r->what));
    const struct {
        const char *name, *text;
    } more[] = {{"why", r->why},     {"case", r->case_},           {"key", r->key},
                {"grant", r->grant}, {"approved by", r->approved}, {"stream", r->stream}};
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
        if (*more[i].text)
            printf("        %s: %s\n", more[i].name, printable(text[0], MOST, more[i].text));
    return BAUTA_OK;
}

static enum bauta_status export_row(void *user, const struct bauta_audit_row *r)
{
    (void)user;
    char hash[65];
    json_t *text =
        json_pack("{s:I, s:I, s:o, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:s, s:s, s:s}", "sequence",
                  (json_int_t)r->sequence, "utc_ms", (json_int_t)r->utc_ms, "who",
                  printable_json(r->who), "key", r->key, "action", r->action, "outcome", r->outcome,
                  "what", printable_json(r->what), "stream", r->stream, "why",
                  printable_json(r->why), "case", printable_json(r->case_), "grant", r->grant,
                  "approved_by", r->approved, "hash", bauta_hex(hash, r->hash, sizeof(r->hash)));
    if (!text) /* a key or an id that is not UTF-8 was never written by us */
        return BAUTA_ERR_TAMPERED;
    json_dumpf(text, stdout, JSON_COMPACT);
    puts("");
    json_decref(text);
    return BAUTA_OK;
}

static int read_rows(const struct options *options,
                     enum bauta_status (*row)(void *user, const struct bauta_audit_row *row))
{
    struct bauta_audit *audit;
    int status = open_log(&audit, options);
    if (status)
        return status;
    status = cli_exit_status(bauta_audit_read(audit, row, NULL));
    bauta_audit_free(&audit);
    if (fflush(stdout) != 0) {
        cli_say("standard output cannot be written");
        return EXIT_FAILED;
    }
    return status;
}

static int run_list(const struct options *options)
{
    return read_rows(options, print_row);
}

static int run_export(const struct options *options)
{
    return read_rows(options, export_row);
}

static int verify(const struct options *options, const struct bauta_signer *signer)
{
    struct bauta_audit *audit;
    uint64_t n_rows;
    int status = open_log(&audit, options);
    if (status)
        return status;
    status = cli_exit_status(
        bauta_audit_verify(audit, &n_rows, options_get(options, OPTION_HEAD), signer));
    bauta_audit_free(&audit);
    if (!status)
        printf("%llu row%s, each as it was written%s\n", (unsigned long long)n_rows, say_s(n_rows),
               signer ? ", none missing up to the signed head" : "");
    return status;
}

static int run_verify(const struct options *options)
{
    struct bauta_signer *signers[MAX_VALUES] = {NULL};
    int n_signers = options->n_values[OPTION_SIGNER];
    if (options_has(options, OPTION_HEAD) != (n_signers == 1))
        return cli_usage(&command_audit_verify, "--head goes with one --signer");
    int status = cli_read_signers(signers, options);
    if (!status)
        status = verify(options, signers[0]);
    for (int i = 0; i < n_signers; i++)
        bauta_signer_free(&signers[i]);
    return status;
}

static int run_head(const struct options *options)
{
    const char *path = options_get(options, OPTION_OUTPUT);
    struct bauta_signing_key *key;
    struct bauta_audit *audit = NULL;
    if (!cli_needs(&command_audit_head, options, OPTION_SIGN) ||
        !cli_needs(&command_audit_head, options, OPTION_OUTPUT))
        return EXIT_USAGE;
    int status = cli_read_signing_key(&key, options);
    if (!status)
        status = open_log(&audit, options);
    if (!status)
        status = cli_exit_status(bauta_audit_sign_head(audit, path, key, cli_now_ms()));
    bauta_audit_free(&audit);
    bauta_signing_key_free(&key);
    return status;
}

static const enum option_id known[] = {OPTION_AUDIT, OPTION_QUIET, N_OPTIONS};
static const enum option_id known_verify[] = {OPTION_HEAD, OPTION_SIGNER, OPTION_AUDIT,
                                              OPTION_QUIET, N_OPTIONS};
static const enum option_id known_head[] = {
    OPTION_SIGN, OPTION_SIGN_PASSPHRASE_FILE, OPTION_OUTPUT, OPTION_AUDIT, OPTION_QUIET, N_OPTIONS};

const struct command command_audit_list = {
    "audit list", "[--audit FILE]", "Tells who did what, when and why.", 0, known, run_list,
};

const struct command command_audit_export = {
    "audit export", "[--audit FILE]", "The same for machines: a line of JSON for each row.", 0,
    known,          run_export,
};

const struct command command_audit_verify = {
    "audit verify",
    "[--head FILE --signer FILE.pub] [--audit FILE]",
    "Finds rows that were changed, removed or moved; with a head also those taken off the end.",
    0,
    known_verify,
    run_verify,
};

const struct command command_audit_head = {
    "audit head",
    "--sign FILE.key -o FILE [--audit FILE]",
    "Signs how the log ends now. Keep FILE elsewhere.",
    0,
    known_head,
    run_head,
};
