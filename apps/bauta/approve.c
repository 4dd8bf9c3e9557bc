/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_note.h"
#include "grant_print.h"

static int approve(const char *path, const struct bauta_private_key *key,
                   const struct options *options)
{
    const struct bauta_log *log = cli_log(options);
    struct bauta_grant *grant;
    bool completed = false;
    enum bauta_status status = bauta_grant_read(&grant, path, log);
    if (status)
        return cli_exit_status(status);
    struct audit_note note = {.audit = NULL};
    audit_private_key(&note, key);
    audit_what(&note, options, N_OPTIONS);
    audit_grant(&note, grant);
    int begun = audit_begin(&note, "approve", options);
    if (!begun)
        status = bauta_grant_approve(grant, &completed, key, log);
    if (!begun && !status)
        status = bauta_grant_update(grant, path, log);
    if (!begun && !status) {
        audit_grant(&note, grant);
        if (!options_has(options, OPTION_QUIET))
            grant_print(path, grant);
        if (!options_has(options, OPTION_QUIET))
            puts(completed ? "It is complete: its holder can use it." : "It needs more approvals.");
    }
    if (!begun)
        begun = audit_end(&note, cli_exit_status(status));
    bauta_grant_free(&grant);
    return begun;
}

static int run(const struct options *options)
{
    struct bauta_private_key *key = NULL;
    if (!cli_needs(&command_approve, options, OPTION_KEY))
        return EXIT_USAGE;
    int status = cli_read_private_key(&key, options);
    if (!status)
        status = approve(options->arguments[0], key, options);
    bauta_private_key_free(&key);
    return status;
}

static const enum option_id known[] = {OPTION_KEY, OPTION_PASSPHRASE_FILE, OPTION_AUDIT,
                                       OPTION_QUIET, N_OPTIONS};

const struct command command_approve = {
    "approve",
    "--key FILE.key FILE.grant",
    "Adds a member's approval to a request; the one that makes them enough completes the grant.",
    1,
    known,
    run,
};
