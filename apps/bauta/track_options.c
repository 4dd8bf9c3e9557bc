/* SPDX-License-Identifier: Apache-2.0 */
#include "track_options.h"

#include <string.h>

bool track_options_choose(int *track, bool *all, const struct command *command,
                          const struct options *options)
{
    double number = 0;
    const char *said = options_get(options, OPTION_TRACK_OR_ALL);
    *all = said && strcmp(said, "all") == 0;
    *track = 0;
    if (*all && (options_has(options, OPTION_REGIONS) || options_has(options, OPTION_REPORT)))
        return cli_usage(command, "--regions and --report are of one track: give its --track N"),
               false;
    if (*all)
        return true;
    bool sound = options_number(options, OPTION_TRACK_OR_ALL, &number, 1, 1000);
    *track = (int)number;
    return sound;
}

bool track_options_read(bool *audio, bool *keep_tags, bool *keep_subtitles,
                        const struct command *command, const struct options *options)
{
    const char *said = options_get(options, OPTION_AUDIO);
    bool none = options_has(options, OPTION_NO_AUDIO);
    if (said && strcmp(said, "none") != 0 && strcmp(said, "copy") != 0)
        return cli_usage(command, "--audio is copy or none"), false;
    if (said && none && strcmp(said, "copy") == 0)
        return cli_usage(command, "--audio copy and --no-audio exclude each other"), false;
    *audio = !none && !(said && strcmp(said, "none") == 0);
    *keep_tags = options_has(options, OPTION_KEEP_TAGS);
    *keep_subtitles = options_has(options, OPTION_KEEP_SUBTITLES);
    return true;
}
