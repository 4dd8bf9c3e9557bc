/* SPDX-License-Identifier: Apache-2.0 */
#include "turning.h"

#include "frame_picture.h"

enum {
    N_POSITIONS = 4,
    PICTURES_MOST = 60 /* then evidence is gathered anew: the scene may have become another */
};

static const int64_t apart_us = 500000; /* from one picture to the next */

/* There and back, for to go on with the other shape takes the detector long. */
static int position(const struct turning *t)
{
    static const int turns[2][N_POSITIONS] = {{0, 180, 90, 270}, {270, 90, 180, 0}};
    return turns[t->n_added % 2][t->n_given];
}

void turning_start(struct turning *t)
{
    turning_stop(t);
    *t = (struct turning){.active = true};
}

void turning_stop(struct turning *t)
{
    gst_clear_buffer(&t->picture);
    t->active = false;
}

void turning_forget(struct turning *t)
{
    gst_clear_buffer(&t->picture);
    t->guess = (struct bauta_turn_guess){{0}, {0}};
    t->n_given = t->n_added = 0;
}

/* Adds what was seen at one position; after the last, asks whether that is enough. */
static void add(struct turning *t, const struct bauta_sights *sights)
{
    bauta_turn_guess_add(&t->guess, position(t), sights);
    if (++t->n_given < N_POSITIONS)
        return;
    gst_clear_buffer(&t->picture);
    t->n_given = 0;
    t->n_added++;
    t->next_pts = t->pts + apart_us;
    if (bauta_turn_guess_decide(&t->guess, &t->turn)) {
        t->found = true;
        t->active = false;
    } else if (t->n_added >= PICTURES_MOST) {
        turning_forget(t);
    }
}

static void hear(struct turning *t, struct detector_client *detector, bool wait)
{
    struct bauta_sights sights;
    bool was_busy = detector->busy;
    enum bauta_status status = detector_client_take(detector, &sights, wait);
    if (!status && t->picture && detector->pts == t->pts)
        add(t, &sights);
    else if (was_busy && !detector->busy)
        turning_forget(t); /* a position is missing */
}

static bool give(struct turning *t, struct detector_client *detector, const GstVideoInfo *info,
                 const struct bauta_view *view, bool wait)
{
    GstVideoFrame frame;
    const struct bauta_view turned = {.turn = position(t)};
    struct bauta_view shown = bauta_view_add(view, &turned);
    if (!gst_video_frame_map(&frame, info, t->picture, GST_MAP_READ))
        return false;
    struct bauta_picture picture = frame_picture(&frame);
    bool given = detector_client_give(detector, &picture, t->pts, &shown, wait);
    gst_video_frame_unmap(&frame);
    return given;
}

void turning_look(struct turning *t, struct detector_client *detector, GstBuffer *clear,
                  int64_t pts, const GstVideoInfo *info, const struct bauta_view *view, bool wait)
{
    do {
        hear(t, detector, wait);
        if (!t->active || detector->busy || (!t->picture && pts < t->next_pts))
            return;
        if (!t->picture) {
            t->picture = gst_buffer_copy_deep(clear);
            t->pts = pts;
        }
        if (!give(t, detector, info, view, wait))
            return;
    } while (wait);
}
