/* SPDX-License-Identifier: Apache-2.0 */
#include "track_options.h"

#include <string.h>

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
