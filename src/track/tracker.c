/* SPDX-License-Identifier: Apache-2.0 */
#include "track/tracker.h"

#include <math.h>
#include <stdlib.h>

#include "track/track.h"

enum { MOST_TRACKS = 512 };

static const float strong_gate = 0.15f, weak_gate = 0.3f; /* least IoU of a match */
static const int64_t doubtful_hold_us =
    300000; /* of what was seen twice at most, or never clearly */

struct bt_tracker {
    struct bt_tracker_settings settings;
    struct bt_track tracks[MOST_TRACKS];
    int n_tracks;
    uint32_t last_target;
    int64_t last_us;
    bool started;
    int track_of[BT_MAX_DETECTIONS]; /* of each detection of this picture, or -1 */
};

void bt_tracker_settings_init(struct bt_tracker_settings *settings, int width, int height)
{
    *settings = (struct bt_tracker_settings){.width = width,
                                             .height = height,
                                             .classes = BAUTA_MASK_BOTH,
                                             .strong = 0.25f,
                                             .sure = 0.5f,
                                             .hold_us = 1000000,
                                             .face_hold_us = 700000,
                                             .body_padding = 0.02f,
                                             .face_padding = 0.1f};
}

enum bauta_status bt_tracker_new(struct bt_tracker **tracker,
                                 const struct bt_tracker_settings *settings)
{
    *tracker = calloc(1, sizeof(**tracker));
    if (!*tracker)
        return BAUTA_ERR_MEMORY;
    (*tracker)->settings = *settings;
    return BAUTA_OK;
}

void bt_tracker_free(struct bt_tracker **tracker)
{
    free(*tracker);
    *tracker = NULL;
}

struct bt_box bt_tracker_estimate_head(struct bt_box body)
{
    float upright = body.h / body.w;
    float part = upright >= 3.0f   ? 0.22f
                 : upright >= 2.0f ? 0.28f
                 : upright >= 1.3f ? 0.42f
                 : upright >= 0.8f ? 0.62f
                                   : 0.85f;
    float side =
        upright >= 2.0f ? 0.1f * body.w : 0; /* who stands has the head over the shoulders */
    return (struct bt_box){body.x + side, body.y - 0.03f * body.h, body.w - 2 * side,
                           (part + 0.03f) * body.h};
}

/* Which round a detection takes part in. */
static bool takes_part(const struct bt_tracker *t, const struct bt_detection *d,
                       enum bauta_class class_, bool strong)
{
    if (d->class_ != class_ || (class_ == BAUTA_CLASS_FACE && d->body >= 0))
        return false;
    return class_ == BAUTA_CLASS_FACE ? strong : (d->score >= t->settings.strong) == strong;
}

/* Matches greedily, best overlap first, until none is above `gate`. Equal overlaps go by place, so
 * that the order of detections does not matter. */
static void match(struct bt_tracker *t, const struct bt_detections *found, enum bauta_class class_,
                  bool strong, float gate, float dt_s, int64_t pts_us)
{
    for (;;) {
        int best_track = -1, best_detection = -1;
        float best = gate;
        for (int i = 0; i < found->n_items; i++) {
            if (t->track_of[i] >= 0 || !takes_part(t, &found->items[i], class_, strong))
                continue;
            for (int k = 0; k < t->n_tracks; k++) {
                if (t->tracks[k].seen || t->tracks[k].class_ != class_ ||
                    (!strong && t->tracks[k].peak < t->settings.sure))
                    continue;
                float iou = bt_track_iou(found->items[i].box, t->tracks[k].box);
                if (iou > best) {
                    best = iou;
                    best_track = k;
                    best_detection = i;
                }
            }
        }
        if (best_track < 0)
            return;
        t->track_of[best_detection] = best_track;
        bt_track_see(&t->tracks[best_track], &found->items[best_detection], dt_s, pts_us);
    }
}

static void begin_tracks(struct bt_tracker *t, const struct bt_detections *found,
                         enum bauta_class class_, int64_t pts_us)
{
    for (int i = 0; i < found->n_items; i++) {
        if (t->track_of[i] >= 0 || !takes_part(t, &found->items[i], class_, true) ||
            t->n_tracks == MOST_TRACKS)
            continue;
        struct bt_track *track = &t->tracks[t->n_tracks];
        *track =
            (struct bt_track){.target = ++t->last_target, .class_ = class_, .first_us = pts_us};
        bt_track_see(track, &found->items[i], 0, pts_us);
        t->track_of[i] = t->n_tracks++;
    }
}

static void give_faces(struct bt_tracker *t, const struct bt_detections *found, int64_t pts_us)
{
    for (int i = 0; i < found->n_items; i++) {
        const struct bt_detection *d = &found->items[i];
        if (d->class_ == BAUTA_CLASS_FACE && d->body >= 0 && t->track_of[d->body] >= 0)
            bt_track_see_face(&t->tracks[t->track_of[d->body]], d, pts_us);
    }
}

static bool is_over(const struct bt_tracker *t, const struct bt_track *track, int64_t pts_us)
{
    const struct bt_box *b = &track->box;
    bool doubtful = track->n_sights < 3 || track->peak < t->settings.sure;
    int64_t hold_us =
        doubtful && doubtful_hold_us < t->settings.hold_us ? doubtful_hold_us : t->settings.hold_us;
    bool outside = b->x >= (float)t->settings.width || b->y >= (float)t->settings.height ||
                   b->x + b->w <= 0 || b->y + b->h <= 0;
    return outside || pts_us - track->seen_us > hold_us;
}

static void end_tracks(struct bt_tracker *t, int64_t pts_us)
{
    int n_kept = 0;
    for (int i = 0; i < t->n_tracks; i++)
        if (!is_over(t, &t->tracks[i], pts_us))
            t->tracks[n_kept++] = t->tracks[i];
    t->n_tracks = n_kept;
}

static struct bt_box pad(struct bt_box b, float share)
{
    return (struct bt_box){b.x - share * b.w, b.y - share * b.h, b.w * (1 + 2 * share),
                           b.h * (1 + 2 * share)};
}

static struct bt_box join(struct bt_box a, struct bt_box b)
{
    float x = fminf(a.x, b.x), y = fminf(a.y, b.y);
    return (struct bt_box){x, y, fmaxf(a.x + a.w, b.x + b.w) - x, fmaxf(a.y + a.h, b.y + b.h) - y};
}

static void give(const struct bt_tracker *t, struct bt_sightings *out, const struct bt_track *track,
                 enum bauta_class class_, struct bt_box box, enum bauta_source source)
{
    if (!(t->settings.classes & 1u << class_))
        return;
    if (out->n_items == BT_MAX_REGIONS)
        out->n_dropped++;
    else
        out->items[out->n_items++] = (struct bt_sighting){track->target, class_, box, source};
}

/* Where a body's face, or else its head, is. */
static void give_head(const struct bt_tracker *t, struct bt_sightings *out,
                      const struct bt_track *track, struct bt_box body, int64_t pts_us,
                      enum bauta_source unseen)
{
    const struct bt_box *f = &track->face;
    bool now = track->sharp && track->face_seen_us == pts_us;
    if (track->sharp && pts_us - track->face_seen_us <= t->settings.face_hold_us) {
        struct bt_box face = {track->box.x + f->x * track->box.w,
                              track->box.y + f->y * track->box.h, f->w * track->box.w,
                              f->h * track->box.h};
        float padding = t->settings.face_padding * (now ? 1 : 3); /* it may have turned or nodded */
        give(t, out, track, BAUTA_CLASS_FACE, pad(face, padding),
             now ? BAUTA_SOURCE_DETECTED : unseen);
        return;
    }
    struct bt_box head = bt_tracker_estimate_head(body);
    if (track->has_hint)
        head = join(head, pad(track->hint, t->settings.face_padding));
    give(t, out, track, BAUTA_CLASS_HEAD, head, track->seen ? BAUTA_SOURCE_ESTIMATED : unseen);
}

static void give_track(const struct bt_tracker *t, struct bt_sightings *out,
                       const struct bt_track *track, int64_t pts_us)
{
    /* What is not seen is less and less certain: a tenth of its size a second. */
    float lost_s = (float)(pts_us - track->seen_us) * 1e-6f;
    enum bauta_source unseen = lost_s <= 0.3f ? BAUTA_SOURCE_PREDICTED : BAUTA_SOURCE_HELD;
    enum bauta_source source = track->seen ? BAUTA_SOURCE_DETECTED : unseen;
    struct bt_box box = pad(track->box, 0.1f * lost_s);
    if (track->class_ == BAUTA_CLASS_FACE) {
        give(t, out, track, BAUTA_CLASS_FACE, pad(box, t->settings.face_padding), source);
        return;
    }
    give(t, out, track, BAUTA_CLASS_BODY, pad(box, t->settings.body_padding), source);
    give_head(t, out, track, box, pts_us, track->seen ? BAUTA_SOURCE_PREDICTED : unseen);
}

void bt_tracker_update(struct bt_tracker *t, struct bt_sightings *out,
                       const struct bt_detections *found, int64_t pts_us)
{
    static const struct bt_detections nothing = {.n_items = 0};
    float dt_s = t->started ? (float)(pts_us - t->last_us) * 1e-6f : 0;
    t->started = true;
    t->last_us = pts_us;
    if (!found)
        found = &nothing;
    for (int i = 0; i < found->n_items; i++)
        t->track_of[i] = -1;
    for (int i = 0; i < t->n_tracks; i++)
        bt_track_predict(&t->tracks[i], dt_s);
    match(t, found, BAUTA_CLASS_BODY, true, strong_gate, dt_s, pts_us);
    match(t, found, BAUTA_CLASS_BODY, false, weak_gate, dt_s, pts_us);
    match(t, found, BAUTA_CLASS_FACE, true, strong_gate, dt_s, pts_us);
    begin_tracks(t, found, BAUTA_CLASS_BODY, pts_us);
    begin_tracks(t, found, BAUTA_CLASS_FACE, pts_us);
    give_faces(t, found, pts_us);
    end_tracks(t, pts_us); /* last: detections name tracks by their place */
    out->n_items = out->n_dropped = 0;
    for (int i = 0; i < t->n_tracks; i++)
        give_track(t, out, &t->tracks[i], pts_us);
}
