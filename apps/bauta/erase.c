/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "amend.h"
#include "files.h"
#include "span.h"

static int parse(struct bauta_amend_settings *s, uint32_t *targets, const struct options *options)
{
    bool part = options_has(options, OPTION_TARGET) || options_has(options, OPTION_CLASS) ||
                options_has(options, OPTION_SINCE) || options_has(options, OPTION_UNTIL);
    if (!cli_needs(&command_erase, options, OPTION_SIGN) ||
        !audit_has_reason(&command_erase, options, NULL))
        return EXIT_USAGE;
    if (part == options_has(options, OPTION_EVERYTHING))
        return cli_usage(&command_erase, "erase wants --target, --class, --since and --until, or "
                                         "--everything");
    s->erase = true;
    s->erase_envelopes = !part;
    if (!span_read(&s->since_s, &s->until_s, &command_erase, options) ||
        !cli_parse_targets(targets, &s->n_targets, &command_erase, options, OPTION_TARGET) ||
        !cli_parse_classes(&s->classes, &command_erase, options))
        return EXIT_USAGE;
    s->targets = s->n_targets ? targets : NULL;
    return EXIT_DONE;
}

static int run(const struct options *options)
{
    struct amending a;
    uint32_t targets[MAX_VALUES];
    amend_init(&a, options);
    int status = parse(&a.settings, targets, options);
    return status ? status : amend(&a, "erase", options);
}

static const enum option_id known[] = {OPTION_SIGN,       OPTION_SIGN_PASSPHRASE_FILE,
                                       OPTION_TARGET,     OPTION_CLASS,
                                       OPTION_SINCE,      OPTION_UNTIL,
                                       OPTION_EVERYTHING, OPTION_REASON,
                                       OPTION_CASE,       OPTION_WHOLE_PICTURE,
                                       FILES_OPTIONS,     OPTION_FORMAT,
                                       OPTION_AUDIT,      OPTION_QUIET,
                                       N_OPTIONS};

const struct command command_erase = {
    "erase",
    "--sign FILE.key --reason TEXT (--target N, --class C, --since T, --until T | --everything) "
    "[OPTIONS] IN OUT",
    "Takes originals out of a recording for good, and says so in it; OUT.json and OUT.json.sig "
    "certify it.\nWhat is taken out no key and no earlier grant opens. IN stays as it is: delete "
    "it and its copies.",
    2,
    known,
    run,
};
