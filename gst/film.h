/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FILM_H
#define FILM_H

#include <stdbool.h>

#include <gst/video/video.h>

#include "lookout.h"
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
struct shot {
    GstBuffer *clear; /* the film's own, in memory that nobody else sees */
    int64_t pts, running_us;
    struct bauta_view view; /* how it is shown */
    bool looked;
    GQueue events; /* GstEvent that came after it, owned */
};

struct film {
    GQueue shots;
    GstVideoInfo info;
    struct lookout lookout;
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

void film_init(struct film *film, struct session *session);
/* Drops everything that waits. */
void film_clear(struct film *film);

/* Takes `clear`, newer than all before it. */
void film_append(struct film *film, GstBuffer *clear, int64_t pts, int64_t running_us);
/* Takes what the detector has found, gives it the next picture, and looks. After each append. */
void film_look(struct film *film);
/* Whether the oldest picture's time has come. */
bool film_is_due(const struct film *film);
/* The oldest one, looked at now at the latest, out of the film; NULL: there is none. Free it with
 * shot_free(). */
struct shot *film_take(struct film *film);
void shot_free(struct shot *shot);
/* Keeps `event`, taken, behind the newest picture. False if there is none: the event is the
 * caller's still. */
bool film_keep_event(struct film *film, GstEvent *event);

#endif
