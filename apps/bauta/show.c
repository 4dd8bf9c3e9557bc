/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"
#include "grant_print.h"

/* Whether one of the signers asked for has signed; gives the exit status. */
static int verify(const char *path, const struct bauta_grant *grant,
                  struct bauta_signer *const *signers, int n_signers)
{
    for (int i = 0; i < n_signers; i++)
        if (bauta_grant_verify(grant, signers[i]) == BAUTA_OK)
            return EXIT_DONE;
    if (n_signers)
        cli_say("%s: is not signed by whom it should be, or was altered", path);
    return n_signers ? EXIT_TAMPERED : EXIT_DONE;
}

static int run(const struct options *options)
{
    const char *path = options->arguments[0];
    struct bauta_grant *grant;
    struct bauta_signer *signers[MAX_VALUES] = {NULL};
    int status = cli_read_signers(signers, options);
    if (!status)
        status = cli_exit_status(bauta_grant_read(&grant, path, cli_log(options)));
    if (!status) {
        if (options_has(options, OPTION_JSON))
            grant_print_json(grant);
        else
            grant_print(path, grant);
        status = verify(path, grant, signers, options->n_values[OPTION_SIGNER]);
        bauta_grant_free(&grant);
    }
    for (int i = 0; i < options->n_values[OPTION_SIGNER]; i++)
        bauta_signer_free(&signers[i]);
    return status;
}

static const enum option_id known[] = {OPTION_SIGNER, OPTION_JSON, OPTION_QUIET, N_OPTIONS};

const struct command command_show = {
    "show",
    "[--signer FILE.pub] [--json] FILE.grant",
    "Tells what a grant, or a request for one, allows, to whom, and who approved and signed it.",
    1,
    known,
    run,
};
