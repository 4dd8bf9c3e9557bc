/* SPDX-License-Identifier: Apache-2.0 */
#include "find_options.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* "x,y,w,h" in pixels. */
static bool parse_area(struct bauta_rect *area, const char *text)
{
    int length = -1;
    return sscanf(text, "%d,%d,%d,%d%n", &area->x, &area->y, &area->w, &area->h, &length) == 4 &&
           length == (int)strlen(text) && area->w > 0 && area->h > 0 && area->w <= 16384 &&
           area->h <= 16384 && area->x >= -16384 && area->y >= -16384 && area->x <= 16384 &&
           area->y <= 16384;
}

static bool parse_areas(struct bauta_rect *areas, int *n, const struct options *options,
                        enum option_id id)
{
    *n = options->n_values[id];
    for (int i = 0; i < *n; i++)
        if (!parse_area(&areas[i], options->values[id][i]))
            return false;
    return true;
}

static bool parse_class(struct bauta_class_settings *s, const struct options *options,
                        enum option_id score_option, enum bauta_setting_id score_setting,
                        enum option_id padding_option, enum bauta_setting_id padding_setting)
{
    double score = (double)s->score, padding = (double)s->padding;
    if (!options_setting(options, score_option, &score, score_setting) ||
        !options_setting(options, padding_option, &padding, padding_setting))
        return false;
    s->score = (float)score;
    s->padding = (float)padding;
    return true;
}

static bool parse_whole(int *value, const struct options *options, enum option_id id,
                        enum bauta_setting_id setting)
{
    double number = *value;
    const bool sound = options_setting(options, id, &number, setting);
    *value = (int)number;
    return sound;
}

static bool parse_numbers(struct bauta_find_settings *s, const struct options *options)
{
    double hold_s = (double)s->hold_us * 1e-6;
    const char *every = options_get(options, OPTION_DETECT_EVERY);
    if (every && strcmp(every, "auto") == 0)
        s->detect_every = 0;
    else if (!parse_whole(&s->detect_every, options, OPTION_DETECT_EVERY,
                          BAUTA_SETTING_DETECT_EVERY))
        return false;
    if (!parse_whole(&s->lookahead, options, OPTION_LOOKAHEAD, BAUTA_SETTING_LOOKAHEAD_PICTURES) ||
        !parse_class(&s->face, options, OPTION_FACE_SCORE, BAUTA_SETTING_FACE_SCORE,
                     OPTION_FACE_PADDING, BAUTA_SETTING_FACE_PADDING) ||
        !parse_class(&s->body, options, OPTION_BODY_SCORE, BAUTA_SETTING_BODY_SCORE,
                     OPTION_BODY_PADDING, BAUTA_SETTING_BODY_PADDING) ||
        !options_setting(options, OPTION_HOLD, &hold_s, BAUTA_SETTING_HOLD))
        return false;
    s->hold_us = (int64_t)(hold_s * 1e6);
    return true;
}

static bool asks_to_guess(const struct options *options)
{
    const char *turn = options_get(options, OPTION_TURN);
    return turn && strcmp(turn, "auto") == 0;
}

static bool parse_view(struct bauta_view *view, const struct command *command,
                       const struct options *options)
{
    const char *turn = options_get(options, OPTION_TURN);
    const char *aspect = options_get(options, OPTION_ASPECT);
    int length = -1;
    if (turn && !asks_to_guess(options)) {
        if (strcmp(turn, "90") != 0 && strcmp(turn, "180") != 0 && strcmp(turn, "270") != 0)
            return cli_usage(command, "--turn is 90, 180, 270 or auto"), false;
        view->turn = (int)strtol(turn, NULL, 10);
    }
    if (aspect &&
        (sscanf(aspect, "%5d:%5d%n", &view->pixel_width, &view->pixel_height, &length) != 2 ||
         length != (int)strlen(aspect) || view->pixel_width < 1 || view->pixel_height < 1 ||
         view->pixel_width > 10 * view->pixel_height ||
         view->pixel_height > 10 * view->pixel_width))
        return cli_usage(command, "--aspect is the shape of one pixel, as 2:1 or 12:11"), false;
    return true;
}

int find_options_guess(struct bauta_find_settings *s, const char *input, int track,
                       const struct command *command, const struct options *options,
                       const struct bauta_log *log)
{
    bool sure;
    int turn;
    if (!asks_to_guess(options))
        return EXIT_DONE;
    if (strcmp(input, "-") == 0)
        return cli_usage(command, "--turn auto looks at the beginning first, so IN must be a file");
    int status = cli_exit_status(bauta_guess_turn_file(&turn, &sure, input, track, s, log));
    if (status)
        return status;
    if (sure)
        s->view.turn = turn;
    if (!sure)
        cli_warn("%s: it cannot be told whether it is turned; it is taken as it is (%d degrees "
                 "would be the best guess)",
                 input, turn);
    else if (!options_has(options, OPTION_QUIET))
        cli_say("%s: people stand upright when turned by %d degrees: so it is taken", input, turn);
    return EXIT_DONE;
}

bool find_options_read(struct bauta_find_settings *s, struct find_areas *areas,
                       const struct command *command, const struct options *options)
{
    const char *mask = options_get(options, OPTION_MASK);
    const char *failure = options_get(options, OPTION_ON_DETECTOR_FAILURE);
    if (mask && !cli_parse_mask(&s->classes, mask))
        return cli_usage(command, "--mask is face, body or both"), false;
    if (failure && strcmp(failure, "stop") != 0 && strcmp(failure, "mask-all") != 0)
        return cli_usage(command, "--on-detector-failure is stop or mask-all"), false;
    s->mask_all_without_detector = failure && strcmp(failure, "mask-all") == 0;
    s->always = areas->always;
    s->never = areas->never;
    if (!parse_areas(areas->always, &s->n_always, options, OPTION_ALWAYS) ||
        !parse_areas(areas->never, &s->n_never, options, OPTION_NEVER))
        return cli_usage(command, "an area is x,y,w,h in pixels, as 0,100,64,48"), false;
    s->data_dir = options_get(options, OPTION_DATA);
    s->body_model = options_get(options, OPTION_BODY_MODEL);
    s->face_model = options_get(options, OPTION_FACE_MODEL);
    s->body_family = options_get(options, OPTION_BODY_FAMILY);
    s->face_family = options_get(options, OPTION_FACE_FAMILY);
    return parse_view(&s->view, command, options) && parse_numbers(s, options);
}
