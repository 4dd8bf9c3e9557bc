/* SPDX-License-Identifier: Apache-2.0 */
#include "amend.h"
#include "files.h"

static int run(const struct options *options)
{
    struct amending a;
    if (!cli_needs(&command_lock, options, OPTION_SIGN) ||
        !audit_has_reason(&command_lock, options, NULL))
        return EXIT_USAGE;
    amend_init(&a, options);
    a.settings.erase_envelopes = true;
    return amend(&a, "lock", options);
}

static const enum option_id known[] = {OPTION_SIGN,   OPTION_SIGN_PASSPHRASE_FILE,
                                       OPTION_REASON, OPTION_CASE,
                                       FILES_OPTIONS, OPTION_FORMAT,
                                       OPTION_AUDIT,  OPTION_QUIET,
                                       N_OPTIONS};

const struct command command_lock = {
    "lock",
    "--sign FILE.key --reason TEXT [OPTIONS] IN OUT",
    "Takes all recipients away: in OUT no recipient's key opens anything, and nobody can make a "
    "grant for it; OUT.json and OUT.json.sig certify it.\nThe originals stay in OUT, sealed: a "
    "grant that was made before opens them "
    "still, and so does who kept the stream's\nkey. What nobody shall see again is erased: bauta "
    "erase.",
    2,
    known,
    run,
};
