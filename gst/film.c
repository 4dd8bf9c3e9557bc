/* SPDX-License-Identifier: Apache-2.0 */
#include "film.h"

#include "frame_picture.h"
#include "words.h"

enum { NEVER_GIVEN = 1 << 20 }; /* pictures since the last was given: the first is due */

void film_init(struct film *film, struct session *session)
{
    *film = (struct film){.session = session, .n_since = NEVER_GIVEN};
    g_queue_init(&film->shots);
}

void shot_free(struct shot *shot)
{
    gst_clear_buffer(&shot->clear);
    g_queue_clear_full(&shot->events, (GDestroyNotify)gst_event_unref);
    g_free(shot);
}

void film_clear(struct film *film)
{
    g_queue_clear_full(&film->shots, (GDestroyNotify)shot_free);
    g_queue_init(&film->shots);
    lookout_forget(&film->lookout);
    turning_forget(&film->turning);
    film->answered = false;
    film->n_since = NEVER_GIVEN;
}

void film_append(struct film *film, GstBuffer *clear, int64_t pts, int64_t running_us)
{
    struct shot *shot = g_new0(struct shot, 1);
    shot->clear = clear;
    shot->pts = pts;
    shot->running_us = running_us;
    shot->view = film->view;
    g_queue_init(&shot->events);
    g_queue_push_tail(&film->shots, shot);
    film->newest_pts = pts;
    film->n_since++;
}

/* Takes the answer, if it is there; `wait`: when it is. */
static void hear(struct film *film, bool wait)
{
    int64_t pts = film->lookout.pts;
    if (film->answered || lookout_take(&film->lookout, &film->sights, wait))
        return;
    film->answered = true;
    film->answer_pts = pts;
}

/* Looks at one picture; a sight that came late counts for the first that is still to be looked at.
 */
static void look_at(struct film *film, struct shot *shot)
{
    GstVideoFrame frame;
    bool seen = film->answered && film->answer_pts <= shot->pts;
    shot->looked = true;
    if (!gst_video_frame_map(&frame, &film->info, shot->clear, GST_MAP_READ))
        return; /* and masking it will fail */
    struct bauta_picture picture = frame_picture(&frame);
    if (session_set_view(film->session, &shot->view) ||
        session_look(film->session, &picture, shot->pts, seen ? &film->sights : NULL,
                     film->answer_pts))
        GST_WARNING("picture %" G_GINT64_FORMAT " could not be looked at", shot->pts);
    gst_video_frame_unmap(&frame);
    if (!seen)
        return;
    if (film->answer_pts < shot->pts)
        film->lookout.counts.n_late++;
    film->answered = false;
}

/* Looks at pictures before `end` (NULL: at all), up to one whose answer is still to come. */
static void look_until(struct film *film, const struct shot *end)
{
    for (GList *at = film->shots.head; at && at->data != end; at = at->next) {
        struct shot *shot = at->data;
        if (shot->looked)
            continue;
        if (film->lookout.busy && film->lookout.pts == shot->pts)
            return;
        look_at(film, shot);
    }
}

static void give(struct film *film, const struct shot *shot)
{
    GstVideoFrame frame;
    bool due = film->n_since >= film->every || shot->pts - film->given_pts >= film->every_us ||
               !bauta_view_equals(&film->given_view, &shot->view);
    if (film->lookout.busy || !due ||
        !gst_video_frame_map(&frame, &film->info, shot->clear, GST_MAP_READ))
        return;
    struct bauta_picture picture = frame_picture(&frame);
    if (lookout_give(&film->lookout, &picture, shot->pts, &shot->view, film->wait)) {
        film->n_since = 0;
        film->given_pts = shot->pts;
        film->given_view = shot->view;
    }
    gst_video_frame_unmap(&frame);
}

/* Nobody looks at pictures, but to find out which way up they are: all are hidden whole. */
static void look_for_turn(struct film *film, struct shot *newest)
{
    turning_look(&film->turning, &film->lookout, newest->clear, newest->pts, &film->info,
                 &newest->view, film->wait);
    if (film->turning.found) {
        const struct bauta_view turn = {.turn = film->turning.turn};
        newest->view = film->view = bauta_view_add(&film->view, &turn);
    }
    for (GList *at = film->shots.head; at && film->turning.active; at = at->next)
        if (!((struct shot *)at->data)->looked)
            look_at(film, at->data);
}

void film_look(struct film *film)
{
    struct shot *newest = g_queue_peek_tail(&film->shots);
    if (film->turning.active && newest)
        look_for_turn(film, newest);
    if (film->turning.active)
        return;
    hear(film, film->wait);
    look_until(film, newest);
    if (newest && !film->answered) /* else the newest gets the answer of one before */
        give(film, newest);
    look_until(film, NULL);
}

bool film_is_due(const struct film *film)
{
    const struct shot *oldest = film->shots.head ? film->shots.head->data : NULL;
    return oldest && (film->shots.length > (guint)film->depth ||
                      film->newest_pts - oldest->pts >= film->delay_us);
}

struct shot *film_take(struct film *film)
{
    struct shot *oldest = g_queue_peek_head(&film->shots);
    if (!oldest)
        return NULL;
    if (!oldest->looked && !film->turning.active) {
        hear(film, film->wait);
        look_until(film, NULL);
    }
    if (!oldest->looked) /* it cannot wait for its answer */
        look_at(film, oldest);
    return g_queue_pop_head(&film->shots);
}

bool film_keep_event(struct film *film, GstEvent *event)
{
    struct shot *newest = g_queue_peek_tail(&film->shots);
    if (newest)
        g_queue_push_tail(&newest->events, event);
    return newest != NULL;
}
