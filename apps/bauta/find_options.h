/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FIND_OPTIONS_H
#define FIND_OPTIONS_H

#include <bauta/find.h>
#include <bauta/log.h>

#include "options.h"

/* The options of every command that looks for people, and where the areas among them are kept. */
#define FIND_OPTIONS                                                                               \
    OPTION_MASK, OPTION_LOOKAHEAD, OPTION_DETECT_EVERY, OPTION_ALWAYS, OPTION_NEVER, OPTION_TURN,  \
        OPTION_ASPECT, OPTION_FACE_SCORE, OPTION_BODY_SCORE, OPTION_FACE_PADDING,                  \
        OPTION_BODY_PADDING, OPTION_HOLD, OPTION_BODY_MODEL, OPTION_FACE_MODEL,                    \
        OPTION_BODY_FAMILY, OPTION_FACE_FAMILY, OPTION_ON_DETECTOR_FAILURE, OPTION_DATA

struct find_areas {
    struct bauta_rect always[MAX_VALUES], never[MAX_VALUES];
};

/* Fills in what the command line says. False, having said what is wrong. `areas` must live as long
 * as `settings`. */
bool find_options_read(struct bauta_find_settings *settings, struct find_areas *areas,
                       const struct command *command, const struct options *options);

/* With --turn auto, which needs `input` to be a file: looks which way its `track` (0: the best one)
 * is turned, and says so. Gives the exit status. */
int find_options_guess(struct bauta_find_settings *settings, const char *input, int track,
                       const struct command *command, const struct options *options,
                       const struct bauta_log *log);

#endif
