/* SPDX-License-Identifier: Apache-2.0 */
#include "track/tracker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/setting.h"
#include "track/faces.h"
#include "track/moments.h"

static const float strong_gate = 0.15f, weak_gate = 0.3f; /* least IoU of a match */
/* How far people stray from where they are expected, in their heights a second: when their speed is
 * not known yet, and later. It counts between looks that lie further apart than `usual_s`. A person
 * is eight heads high. */
static const float strays_new = 0.5f, strays = 0.2f, usual_s = 0.12f, heads = 8;
static const float growth = 0.1f; /* of an unseen person's mask, in its sizes a second */
/* Until a face may have turned away: its padding is three fold. */
static const float turned_s = 0.3f;
static const int enough_sights = 2; /* of a face that is never sure */
static const int enough_looks = 8;  /* to tell whether this is a person */
static const int enough_misses = 2; /* looks without a sight, however long they take */
/* Of what was seen twice at most, or never clearly. */
static const int64_t doubtful_hold_us = 300000;

struct bt_tracker {
    struct bt_tracker_settings settings;
    struct bt_track tracks[BT_MAX_TRACKS];
    struct bt_moments moments; /* not given yet */
    int n_tracks;
    uint32_t last_target;
    int64_t last_us, last_look_us;
    float since_look_s;              /* between the last look and this one */
    int n_dropped;                   /* people at the last look for whom there was no place */
    bool cut;                        /* another scene begins with the next picture */
    int track_of[BT_MAX_DETECTIONS]; /* of each detection of this picture, or -1 */
    bool alone[BT_MAX_DETECTIONS];   /* faces of this picture that are followed by themselves */
};

void bt_tracker_settings_init(struct bt_tracker_settings *settings, int width, int height)
{
    *settings = (struct bt_tracker_settings){
        .width = width,
        .height = height,
        .classes = BAUTA_MASK_BOTH,
        .strong = 0.3f,
        .begin = 0.25f,
        .sure = 0.5f,
        .still = 0.45f,
        .plausible_us = 800000,
        .hold_us = bt_setting_standard_us(BAUTA_SETTING_HOLD),
        .face_hold_us = 700000,
        .body_padding = bt_setting_standard(BAUTA_SETTING_BODY_PADDING),
        .face_padding = bt_setting_standard(BAUTA_SETTING_FACE_PADDING),
        .head_room = 0.08f};
}

enum bauta_status bt_tracker_new(struct bt_tracker **tracker,
                                 const struct bt_tracker_settings *settings)
{
    *tracker = calloc(1, sizeof(**tracker));
    if (!*tracker)
        return BAUTA_ERR_MEMORY;
    (*tracker)->settings = *settings;
    enum bauta_status status = bt_moments_init(&(*tracker)->moments, settings->lookahead + 1);
    if (status)
        bt_tracker_free(tracker);
    return status;
}

void bt_tracker_free(struct bt_tracker **tracker)
{
    if (!*tracker)
        return;
    bt_moments_clear(&(*tracker)->moments);
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

static struct bt_box grow(struct bt_box b, float by)
{
    return (struct bt_box){b.x - by, b.y - by, b.w + 2 * by, b.h + 2 * by};
}

/* Which round a detection takes part in. */
static bool takes_part(const struct bt_tracker *t, const struct bt_detections *found, int i,
                       enum bauta_class class_, bool strong)
{
    const struct bt_detection *d = &found->items[i];
    if (d->class_ != class_)
        return false;
    return class_ == BAUTA_CLASS_FACE ? t->alone[i] : (d->score >= t->settings.strong) == strong;
}

/* What is too weak to begin a track carries on only one that was seen clearly, and not too long
 * ago: else a post where somebody stood once would be followed for ever. */
static bool may_match(const struct bt_tracker *t, const struct bt_track *track,
                      const struct bt_detection *d)
{
    bool weak = d->class_ == BAUTA_CLASS_BODY && d->score < t->settings.begin;
    return !track->seen && !track->gone && track->class_ == d->class_ &&
           (!weak || (track->peak >= t->settings.sure && track->strength >= t->settings.begin));
}

/* Overlap of what was seen with where the track is expected, each grown by how far people stray
 * between two looks (buffered IoU: Yang et al., WACV 2023). A face strays as far as its body. */
static float overlap(const struct bt_tracker *t, const struct bt_track *track,
                     const struct bt_detection *d)
{
    float stray = (track->n_sights < BT_TRACK_SPEED_FROM ? strays_new : strays) * track->box.h;
    stray *= track->class_ == BAUTA_CLASS_FACE ? heads * t->since_look_s
                                               : fmaxf(t->since_look_s - usual_s, 0);
    return bt_track_iou(grow(d->box, stray), grow(track->box, stray));
}

/* Matches greedily, best overlap first, until none is above `gate`. Equal overlaps go by place, so
 * that the order of detections does not matter. */
static void match(struct bt_tracker *t, const struct bt_detections *found, enum bauta_class class_,
                  bool strong, float gate, int64_t pts_us)
{
    for (;;) {
        int best_track = -1, best_detection = -1;
        float best = gate;
        for (int i = 0; i < found->n_items; i++) {
            if (t->track_of[i] >= 0 || !takes_part(t, found, i, class_, strong))
                continue;
            for (int k = 0; k < t->n_tracks; k++) {
                if (!may_match(t, &t->tracks[k], &found->items[i]))
                    continue;
                float iou = overlap(t, &t->tracks[k], &found->items[i]);
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
        bt_track_see(&t->tracks[best_track], &found->items[best_detection], pts_us);
    }
}

static bool may_begin(const struct bt_tracker *t, const struct bt_detections *found, int i,
                      enum bauta_class class_)
{
    const struct bt_detection *d = &found->items[i];
    return d->class_ == class_ && !d->unwanted &&
           (class_ == BAUTA_CLASS_FACE ? t->alone[i] : d->score >= t->settings.begin);
}

static void begin_tracks(struct bt_tracker *t, const struct bt_detections *found,
                         enum bauta_class class_, int64_t pts_us)
{
    for (int i = 0; i < found->n_items; i++) {
        if (t->track_of[i] >= 0 || !may_begin(t, found, i, class_))
            continue;
        if (t->n_tracks == BT_MAX_TRACKS) {
            t->n_dropped++;
            continue;
        }
        struct bt_track *track = &t->tracks[t->n_tracks];
        *track =
            (struct bt_track){.target = ++t->last_target, .class_ = class_, .first_us = pts_us};
        bt_track_see(track, &found->items[i], pts_us);
        t->track_of[i] = t->n_tracks++;
    }
}

static bool is_over(const struct bt_tracker *t, const struct bt_track *track, int64_t pts_us)
{
    const struct bt_box *b = &track->box;
    bool doubtful = track->gone || track->n_sights < 3 || track->peak < t->settings.sure;
    int64_t hold_us =
        doubtful && doubtful_hold_us < t->settings.hold_us ? doubtful_hold_us : t->settings.hold_us;
    bool outside = b->x >= (float)t->settings.width || b->y >= (float)t->settings.height ||
                   b->x + b->w <= 0 || b->y + b->h <= 0;
    return outside || (pts_us - track->seen_us > hold_us && track->n_missed >= enough_misses);
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

static struct bt_box pad_body(const struct bt_tracker *t, struct bt_box b)
{
    float room = t->settings.head_room * b.h;
    struct bt_box padded = pad(b, t->settings.body_padding);
    return (struct bt_box){padded.x, padded.y - room, padded.w, padded.h + room};
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
    bool now = track->sharp && track->face_seen_us == pts_us;
    if (track->sharp && pts_us - track->face_seen_us <= t->settings.face_hold_us) {
        float unseen_s = (float)(pts_us - track->face_seen_us) * 1e-6f;
        float turned = fminf(fabsf(unseen_s) / turned_s, 1); /* or nodded */
        struct bt_box face = pad(bt_track_face(track), t->settings.face_padding * (1 + 2 * turned));
        if (track->has_hint)
            face = bt_track_join(face, pad(track->hint, t->settings.face_padding));
        give(t, out, track, BAUTA_CLASS_FACE, face, now ? BAUTA_SOURCE_DETECTED : unseen);
        return;
    }
    struct bt_box head = bt_tracker_estimate_head(body);
    head.y -= t->settings.head_room * body.h;
    head.h += t->settings.head_room * body.h + track->raised;
    if (track->has_hint)
        head = bt_track_join(head, pad(track->hint, t->settings.face_padding));
    give(t, out, track, BAUTA_CLASS_HEAD, head, track->seen ? BAUTA_SOURCE_ESTIMATED : unseen);
}

/* By how much the mask of a track grows on each side, since the nearest look is so far: until its
 * speed is known, it may have run. */
static float unlooked_stray(const struct bt_tracker *t, const struct bt_track *track,
                            int64_t unlooked_us)
{
    float unlooked_s = (float)unlooked_us * 1e-6f;
    if (t->settings.unlooked_strays > 0 && track->n_sights < BT_TRACK_SPEED_FROM)
        return BT_TRACK_RUNS * unlooked_s * track->box.h;
    return t->settings.unlooked_strays * fmaxf(unlooked_s - usual_s, 0) * track->box.h;
}

static void give_track(const struct bt_tracker *t, struct bt_sightings *out,
                       const struct bt_track *track, int64_t pts_us, int64_t unlooked_us)
{
    /* What is not seen is less and less certain: a tenth of its size a second. */
    float lost_s = (float)track->lost_us * 1e-6f;
    enum bauta_source unseen = lost_s <= 0.3f ? BAUTA_SOURCE_PREDICTED : BAUTA_SOURCE_HELD;
    enum bauta_source source = track->seen ? BAUTA_SOURCE_DETECTED : unseen;
    struct bt_box box =
        grow(pad(track->box, growth * lost_s), unlooked_stray(t, track, unlooked_us));
    if (track->class_ == BAUTA_CLASS_FACE) {
        give(t, out, track, BAUTA_CLASS_FACE, pad(box, t->settings.face_padding), source);
        return;
    }
    give(t, out, track, BAUTA_CLASS_BODY, pad_body(t, box), source);
    give_head(t, out, track, box, pts_us, track->seen ? BAUTA_SOURCE_PREDICTED : unseen);
}

static bool is_plausible(const struct bt_tracker *t, const struct bt_track *track)
{
    if (track->class_ == BAUTA_CLASS_FACE)
        return t->settings.lookahead == 0 || track->sharp || track->n_sights >= enough_sights;
    return t->settings.lookahead == 0 || track->sharp || track->peak >= t->settings.sure ||
           (track->seen_us - track->first_us >= t->settings.plausible_us &&
            (track->peak >= t->settings.still || bt_track_moved(track)));
}

/* What the newest picture leaves behind: who is followed, and for how long unseen. */
static void note(struct bt_tracker *t, int64_t pts_us)
{
    for (int i = 0; i < t->n_tracks; i++) {
        struct bt_track *track = &t->tracks[i];
        track->lost_us = pts_us - track->seen_us;
        track->confirmed = track->confirmed || is_plausible(t, track);
    }
    struct bt_moment *moment = bt_moments_add(&t->moments);
    moment->pts_us = pts_us;
    moment->unlooked_us = pts_us - t->last_look_us;
    moment->cut = t->cut;
    moment->n_dropped = 0;
    moment->n_tracks = t->n_tracks;
    memcpy(moment->tracks, t->tracks, (size_t)t->n_tracks * sizeof(t->tracks[0]));
    if (moment->unlooked_us == 0)
        bt_moments_drop(&t->moments, t->n_dropped);
    else
        moment->n_dropped += t->n_dropped;
    bt_moments_amend(&t->moments);
    t->cut = false;
}

static void count_look(struct bt_track *track, bool looked)
{
    track->n_looks += looked;
    track->n_missed += looked && !track->seen;
}

void bt_tracker_cut(struct bt_tracker *t)
{
    t->cut = true;
    for (int i = 0; i < t->n_tracks; i++) {
        t->tracks[i].gone = true;
        t->tracks[i].vx = t->tracks[i].vy = 0;
    }
}

void bt_tracker_look(struct bt_tracker *t, const struct bt_detections *found, int64_t pts_us)
{
    static const struct bt_detections nothing = {.n_items = 0};
    float dt_s = t->n_tracks > 0 ? (float)(pts_us - t->last_us) * 1e-6f : 0;
    t->last_us = pts_us;
    if (!found)
        found = &nothing;
    if (found != &nothing) {
        t->n_dropped = found->n_dropped > 0;
        t->since_look_s = fminf((float)(pts_us - t->last_look_us) * 1e-6f, 1 + usual_s);
        t->last_look_us = pts_us;
    }
    for (int i = 0; i < found->n_items; i++)
        t->track_of[i] = -1;
    for (int i = 0; i < t->n_tracks; i++)
        bt_track_predict(&t->tracks[i], dt_s);
    match(t, found, BAUTA_CLASS_BODY, true, strong_gate, pts_us);
    match(t, found, BAUTA_CLASS_BODY, false, weak_gate, pts_us);
    begin_tracks(t, found, BAUTA_CLASS_BODY, pts_us);
    bt_faces_give(t->alone, t->tracks, t->track_of, found, pts_us, t->settings.face_hold_us);
    match(t, found, BAUTA_CLASS_FACE, true, strong_gate, pts_us);
    begin_tracks(t, found, BAUTA_CLASS_FACE, pts_us);
    for (int i = 0; i < t->n_tracks; i++)
        count_look(&t->tracks[i], found != &nothing);
    end_tracks(t, pts_us); /* last: detections name tracks by their place */
    note(t, pts_us);
}

int bt_tracker_waiting(const struct bt_tracker *t)
{
    return t->moments.n_items;
}

/* Whether it cannot be told yet if this is a person: still followed, and not for long. */
static bool is_undecided(const struct bt_tracker *t, const struct bt_track *track)
{
    for (int i = 0; i < t->n_tracks; i++)
        if (t->tracks[i].target == track->target)
            return t->tracks[i].n_looks < enough_looks ||
                   t->last_us - track->first_us < t->settings.plausible_us;
    return false;
}

void bt_tracker_begin_anew(struct bt_tracker *t, int width, int height)
{
    for (int i = 0; i < t->n_tracks; i++)
        if (is_undecided(t, &t->tracks[i]))
            bt_moments_confirm(&t->moments, t->tracks[i].target);
    t->n_tracks = 0;
    t->cut = true;
    t->settings.width = width;
    t->settings.height = height;
}

void bt_tracker_give(struct bt_tracker *t, struct bt_sightings *out)
{
    const struct bt_moment *oldest = bt_moments_oldest(&t->moments);
    out->n_items = 0;
    out->n_dropped = oldest->n_dropped;
    out->blind = false;
    out->whole = BAUTA_WHOLE_NONE;
    for (int i = 0; i < oldest->n_tracks; i++)
        if (oldest->tracks[i].confirmed ||
            (oldest->tracks[i].first_us <= oldest->pts_us && is_undecided(t, &oldest->tracks[i])))
            give_track(t, out, &oldest->tracks[i], oldest->pts_us, oldest->unlooked_us);
    bt_moments_drop_oldest(&t->moments);
}
