/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_OPTIONS_H
#define TRACK_OPTIONS_H

#include "cli.h"

/* What of the input's other tracks and tags goes to the output; for a command's list. */
#define TRACK_OPTIONS OPTION_AUDIO, OPTION_NO_AUDIO, OPTION_KEEP_TAGS, OPTION_KEEP_SUBTITLES

/* Which video track: --track N, or 0 for the best one; `*all` with --track all. */
bool track_options_choose(int *track, bool *all, const struct command *command,
                          const struct options *options);
/* False, having said why, if they are not right. */
bool track_options_read(bool *audio, bool *keep_tags, bool *keep_subtitles,
                        const struct command *command, const struct options *options);

#endif
