/* SPDX-License-Identifier: Apache-2.0 */
#include "clear_queue.h"

#include "frame_picture.h"
#include "element_log.h"

enum { NEVER_GIVEN = 1 << 20 }; /* pictures since the last was given: the first is due */

void clear_queue_init(struct clear_queue *queue, struct session *session)
{
    *queue = (struct clear_queue){.session = session, .n_since = NEVER_GIVEN};
    g_queue_init(&queue->waiting);
}

void waiting_picture_free(struct waiting_picture *waiting)
{
    gst_clear_buffer(&waiting->clear);
    g_queue_clear_full(&waiting->events, (GDestroyNotify)gst_event_unref);
    g_free(waiting);
}

void clear_queue_clear(struct clear_queue *queue)
{
    g_queue_clear_full(&queue->waiting, (GDestroyNotify)waiting_picture_free);
    g_queue_init(&queue->waiting);
    detector_client_forget(&queue->detector);
    turning_forget(&queue->turning);
    queue->answered = false;
    queue->n_since = NEVER_GIVEN;
}

void clear_queue_append(struct clear_queue *queue, GstBuffer *clear, int64_t pts,
                        int64_t running_us)
{
    struct waiting_picture *waiting = g_new0(struct waiting_picture, 1);
    waiting->clear = clear;
    waiting->pts = pts;
    waiting->running_us = running_us;
    waiting->view = queue->view;
    g_queue_init(&waiting->events);
    g_queue_push_tail(&queue->waiting, waiting);
    queue->newest_pts = pts;
    queue->n_since++;
}

/* Takes the answer, if it is there; `wait`: when it is. */
static void hear(struct clear_queue *queue, bool wait)
{
    int64_t pts = queue->detector.pts;
    if (queue->answered || detector_client_take(&queue->detector, &queue->sights, wait))
        return;
    queue->answered = true;
    queue->answer_pts = pts;
}

/* Looks at one picture; a sight that came late counts for the first that is still to be looked at.
 */
static void look_at(struct clear_queue *queue, struct waiting_picture *waiting)
{
    GstVideoFrame frame;
    bool seen = queue->answered && queue->answer_pts <= waiting->pts;
    waiting->looked = true;
    if (!gst_video_frame_map(&frame, &queue->info, waiting->clear, GST_MAP_READ))
        return; /* and masking it will fail */
    struct bauta_picture picture = frame_picture(&frame);
    if (session_set_view(queue->session, &waiting->view) ||
        session_look(queue->session, &picture, waiting->pts, seen ? &queue->sights : NULL,
                     queue->answer_pts))
        GST_WARNING("picture %" G_GINT64_FORMAT " could not be looked at", waiting->pts);
    gst_video_frame_unmap(&frame);
    if (!seen)
        return;
    if (queue->answer_pts < waiting->pts)
        queue->detector.counts.n_late++;
    queue->answered = false;
}

/* Looks at pictures before `end` (NULL: at all), up to one whose answer is still to come. */
static void look_until(struct clear_queue *queue, const struct waiting_picture *end)
{
    for (GList *at = queue->waiting.head; at && at->data != end; at = at->next) {
        struct waiting_picture *waiting = at->data;
        if (waiting->looked)
            continue;
        if (queue->detector.busy && queue->detector.pts == waiting->pts)
            return;
        look_at(queue, waiting);
    }
}

static void give(struct clear_queue *queue, const struct waiting_picture *waiting)
{
    GstVideoFrame frame;
    bool due = queue->n_since >= queue->every ||
               waiting->pts - queue->given_pts >= queue->every_us ||
               !bauta_view_equals(&queue->given_view, &waiting->view);
    if (queue->detector.busy || !due ||
        !gst_video_frame_map(&frame, &queue->info, waiting->clear, GST_MAP_READ))
        return;
    struct bauta_picture picture = frame_picture(&frame);
    if (detector_client_give(&queue->detector, &picture, waiting->pts, &waiting->view,
                             queue->wait)) {
        queue->n_since = 0;
        queue->given_pts = waiting->pts;
        queue->given_view = waiting->view;
    }
    gst_video_frame_unmap(&frame);
}

/* Nobody looks at pictures, but to find out which way up they are: all are hidden whole. */
static void look_for_turn(struct clear_queue *queue, struct waiting_picture *newest)
{
    turning_look(&queue->turning, &queue->detector, newest->clear, newest->pts, &queue->info,
                 &newest->view, queue->wait);
    if (queue->turning.found) {
        const struct bauta_view turn = {.turn = queue->turning.turn};
        newest->view = queue->view = bauta_view_add(&queue->view, &turn);
    }
    for (GList *at = queue->waiting.head; at && queue->turning.active; at = at->next)
        if (!((struct waiting_picture *)at->data)->looked)
            look_at(queue, at->data);
}

void clear_queue_look(struct clear_queue *queue)
{
    struct waiting_picture *newest = g_queue_peek_tail(&queue->waiting);
    if (queue->turning.active && newest)
        look_for_turn(queue, newest);
    if (queue->turning.active)
        return;
    hear(queue, queue->wait);
    look_until(queue, newest);
    if (newest && !queue->answered) /* else the newest gets the answer of one before */
        give(queue, newest);
    look_until(queue, NULL);
}

bool clear_queue_is_due(const struct clear_queue *queue)
{
    const struct waiting_picture *oldest = queue->waiting.head ? queue->waiting.head->data : NULL;
    return oldest && (queue->waiting.length > (guint)queue->depth ||
                      queue->newest_pts - oldest->pts >= queue->delay_us);
}

struct waiting_picture *clear_queue_take(struct clear_queue *queue)
{
    struct waiting_picture *oldest = g_queue_peek_head(&queue->waiting);
    if (!oldest)
        return NULL;
    if (!oldest->looked && !queue->turning.active) {
        hear(queue, queue->wait);
        look_until(queue, NULL);
    }
    if (!oldest->looked) /* it cannot wait for its answer */
        look_at(queue, oldest);
    return g_queue_pop_head(&queue->waiting);
}

bool clear_queue_keep_event(struct clear_queue *queue, GstEvent *event)
{
    struct waiting_picture *newest = g_queue_peek_tail(&queue->waiting);
    if (newest)
        g_queue_push_tail(&newest->events, event);
    return newest != NULL;
}
