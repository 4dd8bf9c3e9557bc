/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLEAR_QUEUE_H
#define CLEAR_QUEUE_H

#include <stdbool.h>

#include <gst/video/video.h>

#include "detector_client.h"
#include "session.h"
#include "turning.h"

/*
 * The clear pictures inside bautaprotect, in order, until it is time to mask them: what the
 * detector finds in one that came later shall count for those before it. Events that came between
 * pictures wait among them. One thread.
 *
 * Pictures are looked at (session_look()) in order: one that the detector was given, when it has
 * answered, or when the picture cannot wait any longer; others at once.
 */
struct waiting_picture {
    GstBuffer *clear; /* the queue's own, in memory that nobody else sees */
    int64_t pts, running_us;
    struct bauta_view view; /* how it is shown */
    bool looked;
    GQueue events; /* GstEvent that came after it, owned */
};

struct clear_queue {
    GQueue waiting;
    GstVideoInfo info;
    struct detector_client detector;
    struct bauta_view view;  /* of pictures to come */
    struct turning turning;  /* while it goes on, nobody has looked */
    struct session *session; /* borrowed */
    int depth;               /* pictures that wait */
    int64_t delay_us;        /* a picture that is older than the newest by so much waits no more */
    int every;               /* pictures from one that is given to the next, at least */
    bool wait;               /* for the detector, for every picture that is due */
    int64_t every_us;        /* the same as time, for when pictures are missing */
    int64_t given_pts;       /* of the last that was given */
    struct bauta_view given_view;
    int n_since;   /* pictures since the last that was given */
    bool answered; /* `sights` of picture `answer_pts` have not been used yet */
    int64_t answer_pts;
    struct bauta_sights sights;
    int64_t newest_pts;
};

void clear_queue_init(struct clear_queue *queue, struct session *session);
/* Drops everything that waits. */
void clear_queue_clear(struct clear_queue *queue);

/* Takes `clear`, newer than all before it. */
void clear_queue_append(struct clear_queue *queue, GstBuffer *clear, int64_t pts,
                        int64_t running_us);
/* Takes what the detector has found, gives it the next picture, and looks. After each append. */
void clear_queue_look(struct clear_queue *queue);
/* Whether the oldest picture's time has come. */
bool clear_queue_is_due(const struct clear_queue *queue);
/* The oldest one, looked at now at the latest, out of the queue; NULL: there is none. Free it with
 * waiting_picture_free(). */
struct waiting_picture *clear_queue_take(struct clear_queue *queue);
void waiting_picture_free(struct waiting_picture *waiting);
/* Keeps `event`, taken, behind the newest picture. False if there is none: the event is the
 * caller's still. */
bool clear_queue_keep_event(struct clear_queue *queue, GstEvent *event);

#endif
