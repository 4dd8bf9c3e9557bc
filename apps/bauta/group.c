/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "audit_note.h"

/* The files that --members lists; `list` is cut up at its commas. */
static int read_members(struct bauta_public_key **members, int *n_members, char *list,
                        const struct options *options)
{
    int status = EXIT_DONE;
    char *rest = NULL;
    for (char *path = strtok_r(list, ",", &rest); path && !status;
         path = strtok_r(NULL, ",", &rest)) {
        if (*n_members == BAUTA_MAX_MEMBERS)
            return cli_usage(&command_group, "a group has at most 16 members");
        status = cli_exit_status(
            bauta_public_key_read(&members[(*n_members)++], path, cli_log(options)));
    }
    return status;
}

static int make(const char *path, struct bauta_public_key *const *members, int n_members,
                int threshold, const struct options *options)
{
    const struct bauta_public_key *all[BAUTA_MAX_MEMBERS];
    for (int i = 0; i < n_members; i++)
        all[i] = members[i];
    enum bauta_status status = bauta_group_new(path, all, n_members, threshold, cli_log(options));
    if (status == BAUTA_ERR_ARGUMENT)
        return cli_usage(&command_group, "a group has 2 to 16 members, all different, and 2 or "
                                         "more of them must agree");
    if (!status && !options_has(options, OPTION_QUIET))
        printf("%s: a group of %d, of whom %d must agree; for --recipient and --group\n", path,
               n_members, threshold);
    return cli_exit_status(status);
}

static int run(const struct options *options)
{
    const char *list = options_get(options, OPTION_MEMBERS);
    char path[4096], names[16384];
    double threshold = 0;
    if (!cli_needs(&command_group, options, OPTION_MEMBERS) ||
        !cli_needs(&command_group, options, OPTION_THRESHOLD))
        return EXIT_USAGE;
    if (!options_number(options, OPTION_THRESHOLD, &threshold, 2, BAUTA_MAX_MEMBERS))
        return EXIT_USAGE;
    if (snprintf(path, sizeof(path), "%s.group", options->arguments[0]) >= (int)sizeof(path) ||
        snprintf(names, sizeof(names), "%s", list) >= (int)sizeof(names))
        return cli_usage(&command_group, "the names are too long");
    struct bauta_public_key *members[BAUTA_MAX_MEMBERS] = {NULL};
    int n_members = 0;
    int status = read_members(members, &n_members, names, options);
    if (!status) {
        struct audit_note note = {.audit = NULL};
        audit_what(&note, options, N_OPTIONS);
        status = audit_begin(&note, "key group", options);
        if (!status)
            status = audit_end(&note, make(path, members, n_members, (int)threshold, options));
    }
    for (int i = 0; i < n_members; i++)
        bauta_public_key_free(&members[i]);
    return status;
}

static const enum option_id known[] = {OPTION_MEMBERS, OPTION_THRESHOLD, OPTION_AUDIT, OPTION_QUIET,
                                       N_OPTIONS};

const struct command command_group = {
    "key group",
    "--members A.pub,B.pub,C.pub --threshold N NAME",
    "Makes a recipient of which any N members must agree: NAME.group. It holds no secret.",
    1,
    known,
    run,
};
