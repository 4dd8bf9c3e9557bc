/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "amend.h"
#include "files.h"

/* The keys and groups that one option names. */
struct holders {
    struct bauta_public_key *keys[MAX_VALUES];
    struct bauta_group *groups[MAX_VALUES];
    const struct bauta_public_key *all_keys[MAX_VALUES];
    const struct bauta_group *all_groups[MAX_VALUES];
    int n_keys, n_groups;
};

static int read_holders(struct holders *p, const struct options *options, enum option_id id)
{
    int status = EXIT_DONE;
    for (int i = 0; i < options->n_values[id] && !status; i++) {
        const char *path = options->values[id][i];
        if (cli_is_group(path)) {
            status =
                cli_exit_status(bauta_group_read(&p->groups[p->n_groups], path, cli_log(options)));
            p->all_groups[p->n_groups] = p->groups[p->n_groups];
            p->n_groups++;
        } else {
            status =
                cli_exit_status(bauta_public_key_read(&p->keys[p->n_keys], path, cli_log(options)));
            p->all_keys[p->n_keys] = p->keys[p->n_keys];
            p->n_keys++;
        }
    }
    return status;
}

static void clear_holders(struct holders *p)
{
    for (int i = 0; i < p->n_keys; i++)
        bauta_public_key_free(&p->keys[i]);
    for (int i = 0; i < p->n_groups; i++)
        bauta_group_free(&p->groups[i]);
}

static int rewrap(struct amending *a, struct holders *add, struct holders *remove,
                  const struct options *options)
{
    struct bauta_amend_settings *s = &a->settings;
    int status = read_holders(add, options, OPTION_ADD);
    if (!status)
        status = read_holders(remove, options, OPTION_REMOVE);
    if (!status && options_has(options, OPTION_KEY))
        status = cli_read_private_key(&a->key, options);
    s->key = a->key;
    s->add = add->all_keys;
    s->n_add = add->n_keys;
    s->add_groups = add->all_groups;
    s->n_add_groups = add->n_groups;
    s->remove = remove->all_keys;
    s->n_remove = remove->n_keys;
    s->remove_groups = remove->all_groups;
    s->n_remove_groups = remove->n_groups;
    return status ? status : amend(a, "rewrap", options);
}

static int run(const struct options *options)
{
    struct amending a;
    struct holders add = {.n_keys = 0}, remove = {.n_keys = 0};
    if (!options_has(options, OPTION_ADD) && !options_has(options, OPTION_REMOVE))
        return cli_usage(&command_rewrap, "rewrap wants --add or --remove");
    if (options_has(options, OPTION_ADD) && !options_has(options, OPTION_KEY))
        return cli_usage(&command_rewrap, "--add needs the --key of a recipient");
    if (!audit_has_reason(&command_rewrap, options, NULL))
        return EXIT_USAGE;
    amend_init(&a, options);
    int status = rewrap(&a, &add, &remove, options);
    clear_holders(&add);
    clear_holders(&remove);
    bauta_private_key_free(&a.key);
    return status;
}

static const enum option_id known[] = {OPTION_KEY,    OPTION_PASSPHRASE_FILE,
                                       OPTION_ADD,    OPTION_REMOVE,
                                       OPTION_SIGN,   OPTION_SIGN_PASSPHRASE_FILE,
                                       OPTION_REASON, OPTION_CASE,
                                       FILES_OPTIONS, OPTION_FORMAT,
                                       OPTION_AUDIT,  OPTION_QUIET,
                                       N_OPTIONS};

const struct command command_rewrap = {
    "rewrap",
    "[--key FILE.key --add FILE.pub ...] [--remove FILE.pub ...] --reason TEXT [--sign FILE.key] "
    "IN OUT",
    "Gives a recording to others, or takes it from some, without encoding anything anew; "
    "OUT.json says so, with --sign also OUT.json.sig.",
    2,
    known,
    run,
};
