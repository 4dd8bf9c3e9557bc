/* SPDX-License-Identifier: Apache-2.0 */
#include "span.h"

#include <math.h>

const char span_is_empty[] =
    "--since and --until are the same: no time lies from --since on and before --until";

bool span_read(double *since_s, double *until_s, const struct command *command,
               const struct options *options)
{
    const char *since = options_get(options, OPTION_SINCE);
    const char *until = options_get(options, OPTION_UNTIL);
    if ((since && !cli_parse_time(since_s, since)) || (until && !cli_parse_time(until_s, until)))
        return cli_usage(command, "--since and --until want seconds, or [HH:]MM:SS"), false;
    if (*since_s > *until_s)
        return cli_usage(command, "--since lies after --until"), false;
    if (*since_s >= *until_s)
        return cli_usage(command, span_is_empty), false;
    return true;
}

/* As it was given, of one command or the other; seconds as those of the answer. */
static const char *print_bound(char text[64], const struct options *options, enum option_id id,
                               enum option_id utc_id, const char *none)
{
    const char *given = options_get(options, options_has(options, id) ? id : utc_id);
    double seconds;
    if (given && cli_parse_time(&seconds, given))
        snprintf(text, 64, "%.3f s", seconds);
    else
        snprintf(text, 64, "%s", given ? given : none);
    return text;
}

void span_tell(const char *file, const char *is, double first_s, double last_s,
               const struct options *options)
{
    char since[64], until[64];
    if (!options_has(options, OPTION_SINCE) && !options_has(options, OPTION_UNTIL) &&
        !options_has(options, OPTION_SINCE_UTC) && !options_has(options, OPTION_UNTIL_UTC))
        return;
    if (isnan(first_s))
        return;
    cli_say("%s: asked for %s to %s; %s %.3f s to %.3f s, as it goes by whole epochs", file,
            print_bound(since, options, OPTION_SINCE, OPTION_SINCE_UTC, "the start"),
            print_bound(until, options, OPTION_UNTIL, OPTION_UNTIL_UTC, "the end"), is, first_s,
            last_s);
}
