/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <string.h>

#include "base/log.h"
#include "find/detector_runner.h"
#include "pipeline/item.h"
#include "pipeline/source.h"

enum { MOST_PICTURES = 12 };
static const double span_s = 10; /* of the beginning, from which they are taken */

/* The last stage of this pipeline: keeps some of the pictures, evenly spread. */
struct pick_stage {
    struct bt_stage stage;
    double step_s;
    bool enough;
    int n_items;
    struct bt_item *items[MOST_PICTURES];
};

static enum bauta_status pick(struct bt_stage *stage, struct bt_item *item)
{
    struct pick_stage *s = (struct pick_stage *)stage;
    if (!item)
        return BAUTA_OK;
    if (item->decoded.seconds >= s->n_items * s->step_s) {
        s->items[s->n_items++] = item;
        item = NULL;
    }
    bt_item_free(&item);
    s->enough = s->n_items == MOST_PICTURES;
    return s->enough ? BAUTA_ERR_CANCELLED : BAUTA_OK;
}

static enum bauta_status pick_all(struct pick_stage *s, const char *input, int track,
                                  const struct bauta_find_settings *find,
                                  const struct bauta_log *log)
{
    struct bt_source source = {.track = track, .extra = find->view};
    enum bauta_status status = bt_source_open(&source, input, 0, log);
    double length_s = source.info.duration_s;
    s->step_s = (length_s > 0 && length_s < span_s ? length_s : span_s) / MOST_PICTURES;
    if (!status)
        status = bt_source_run(&source, &s->stage);
    bt_source_clear(&source);
    return s->enough ? BAUTA_OK : status;
}

static enum bauta_status look(struct bauta_turn_guess *guess, const struct pick_stage *s,
                              struct bt_detector *detector, int turn)
{
    struct bauta_sights sights;
    for (int i = 0; i < s->n_items; i++) {
        const struct bauta_view more = {.turn = turn};
        const struct bauta_view view = bauta_view_add(&s->items[i]->view, &more);
        enum bauta_status status = bt_detector_runner_set_view(detector, &view);
        if (!status)
            status =
                bt_detector_runner_find(detector, &sights, &s->items[i]->decoded.frame.picture);
        if (status)
            return status;
        bauta_turn_guess_add(guess, turn, &sights);
    }
    return BAUTA_OK;
}

static enum bauta_status look_at_all(struct bauta_turn_guess *guess, const struct pick_stage *s,
                                     const struct bauta_find_settings *find,
                                     const struct bauta_log *log)
{
    /* Those that need the same models one after the other. */
    static const int turns[] = {0, 180, 90, 270};
    const struct bauta_picture *first = &s->items[0]->decoded.frame.picture;
    struct bauta_find_settings settings = *find;
    struct bt_detector *detector;
    settings.view = s->items[0]->view;
    enum bauta_status status =
        bt_detector_runner_open(&detector, &settings, first->width, first->height, log);
    for (int i = 0; !status && i < 4; i++)
        status = look(guess, s, detector, turns[i]);
    bt_detector_runner_close(&detector);
    return status;
}

enum bauta_status bauta_guess_turn_file(int *turn, bool *sure, const char *input, int track,
                                        const struct bauta_find_settings *find,
                                        const struct bauta_log *log)
{
    if (!turn || !sure || !input || !find || track < 0 || !bauta_view_is_sound(&find->view))
        return BAUTA_ERR_ARGUMENT;
    *turn = 0;
    *sure = false;
    if (strcmp(input, "-") == 0)
        return bt_log_fail(
            log, BAUTA_ERR_UNSUPPORTED,
            "-: which way it is turned is told from its beginning: it must be a file");
    struct pick_stage picked = {.stage.take = pick};
    struct bauta_turn_guess guess = {.n_looks = {0}};
    enum bauta_status status = pick_all(&picked, input, track, find, log);
    if (!status && picked.n_items > 0)
        status = look_at_all(&guess, &picked, find, log);
    for (int i = 0; i < picked.n_items; i++)
        bt_item_free(&picked.items[i]);
    if (status)
        return status;
    *sure = bauta_turn_guess_decide(&guess, turn);
    bt_log(
        log, BAUTA_LOG_INFO,
        "%s: looked at in four positions, turned by 0, 90, 180 and 270 degrees: evidence of people "
        "%.1f, %.1f, %.1f, %.1f",
        input, guess.evidence[0], guess.evidence[1], guess.evidence[2], guess.evidence[3]);
    return BAUTA_OK;
}
