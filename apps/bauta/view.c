/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_note.h"
#include "run_program.h"

/* The server is a program of its own, so that nobody needs libsoup to work on files. It has no key:
 * keys go no further than the browser. */
static int run(const struct options *options)
{
    static const struct {
        enum option_id id;
        const char *name;
    } passed[] = {{OPTION_LISTEN, "--listen"},
                  {OPTION_SIGNER, "--signer"},
                  {OPTION_CERTIFICATE, "--certificate"},
                  {OPTION_PRIVATE_KEY, "--private-key"},
                  {OPTION_USER, "--user"},
                  {OPTION_PASSWORD_FILE, "--password-file"}};
    char audit[4096];
    if (!audit_path(audit, options))
        return EXIT_FAILED;
    struct words words;
    words_init(&words, "bauta-view");
    words_add_option(&words, "--audit", audit);
    for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
        for (int k = 0; k < options->n_values[passed[i].id]; k++)
            words_add_option(&words, passed[i].name, options->values[passed[i].id][k]);
    if (options_has(options, OPTION_OPEN))
        words_add(&words, "--open");
    words_add(&words, "--"); /* a name may begin with a dash */
    words_add(&words, options->arguments[0]);
    return run_program(&words);
}

static const enum option_id known[] = {OPTION_LISTEN, OPTION_CERTIFICATE,   OPTION_PRIVATE_KEY,
                                       OPTION_USER,   OPTION_PASSWORD_FILE, OPTION_SIGNER,
                                       OPTION_AUDIT,  OPTION_OPEN,          N_OPTIONS};

const struct command command_view = {
    "view",
    "[--listen ADDR] [--signer FILE.pub] [--open] [--user NAME --password-file FILE] "
    "FILE|DIR|rtsp://...",
    "Shows recordings, or a camera, in a browser; who has the key sees the originals there.",
    1,
    known,
    run};
