/* SPDX-License-Identifier: Apache-2.0 */
#include "find/finder.h"

#include <math.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/rect.h"
#include "base/setting.h"
#include "base/view.h"
#include "detect/cut.h"
#include "detect/detector.h"
#include "find/detector_runner.h"
#include "find/sights.h"
#include "track/tracker.h"

static const int64_t longest_gap_us = 500000; /* between two looks when there is no time */
static const float sure_body = 0.5f;          /* score at which a network is seldom wrong */
/* How far people may have gone from where somebody who looks rarely expects them, in their heights
 * a second: they turn back, or begin to walk. */
static const float unlooked_strays = 0.5f;

/* A picture that was looked at and not given yet. */
struct waiting {
    int64_t pts_us;
    struct bt_view view; /* how it is shown */
    bool blind;          /* the detector should have looked, and could not */
    /* With a detector of the caller's: */
    bool whole;          /* nothing at all is known of this scene */
    int64_t unlooked_us; /* to the nearest picture of this scene that was looked at */
};

struct bt_finder {
    struct bauta_find_settings settings;
    struct bt_view view;                  /* of the picture to come */
    struct bt_box never[BAUTA_MAX_AREAS]; /* as shown */
    struct bt_detector *detector; /* NULL: it could not be loaded, and everything is masked; or the
                                     caller has one */
    struct bt_tracker *tracker;
    struct bt_cut cut;
    struct bt_detections found; /* in the picture at hand */
    bool started;
    bool anew;               /* the view has changed */
    bool some;               /* picture was looked at; with a detector of the caller's */
    int64_t cut_us;          /* since when this scene is shown; with a detector of the caller's */
    int n_skipped;           /* pictures since the last look */
    int64_t last_look_us;    /* of the detector */
    struct waiting *waiting; /* a ring of lookahead + 1 */
    int first, n_waiting;
};

void bauta_find_settings_init(struct bauta_find_settings *settings)
{
    struct bt_detector_settings d;
    struct bt_tracker_settings t;
    bt_detector_settings_init(&d);
    bt_tracker_settings_init(&t, 0, 0);
    *settings = (struct bauta_find_settings){
        .classes = BAUTA_MASK_BOTH,
        .threads = (int)bt_setting_standard(BAUTA_SETTING_DETECTOR_THREADS),
        .detect_every = (int)bt_setting_standard(BAUTA_SETTING_DETECT_EVERY),
        .longest_gap_us = bt_setting_standard_us(BAUTA_SETTING_LONGEST_GAP),
        .face = {d.face, t.face_padding},
        .body = {d.body, t.body_padding},
        .weak_body_score = d.weak_body,
        .hold_us = t.hold_us};
}

static bool score_is_sound(float score)
{
    return score > 0 && score <= 1;
}

static bool class_is_sound(const struct bauta_class_settings *s, enum bauta_setting_id score,
                           enum bauta_setting_id padding, const struct bauta_log *log)
{
    return bt_setting_is_sound(score, (double)s->score, log) &&
           bt_setting_is_sound(padding, (double)s->padding, log);
}

static bool areas_are_sound(const struct bauta_rect *areas, int n, struct bauta_rect whole,
                            const struct bauta_log *log, const char *name)
{
    if (n < 0 || n > BAUTA_MAX_AREAS || (n > 0 && !areas))
        return false;
    for (int i = 0; i < n; i++)
        if (bt_rect_empty(bt_rect_intersect(areas[i], whole))) {
            bt_log(log, BAUTA_LOG_ERROR,
                   "the area %d,%d,%d,%d to %s hide lies outside the picture, %d x %d", areas[i].x,
                   areas[i].y, areas[i].w, areas[i].h, name, whole.w, whole.h);
            return false;
        }
    return true;
}

static bool settings_are_sound(const struct bauta_find_settings *s, int width, int height,
                               const struct bauta_log *log)
{
    struct bauta_rect whole = {0, 0, width, height};
    return (s->classes & BAUTA_MASK_BOTH) && s->threads >= 1 &&
           (s->lookahead < 0 || /* the default */
            bt_setting_is_sound(BAUTA_SETTING_LOOKAHEAD_PICTURES, s->lookahead, log)) &&
           bt_setting_is_sound(BAUTA_SETTING_DETECT_EVERY, s->detect_every, log) &&
           bt_setting_is_sound(BAUTA_SETTING_HOLD, (double)s->hold_us * 1e-6, log) &&
           bt_setting_is_sound(BAUTA_SETTING_LONGEST_GAP, (double)s->longest_gap_us * 1e-6, log) &&
           bauta_view_is_sound(&s->view) &&
           class_is_sound(&s->face, BAUTA_SETTING_FACE_SCORE, BAUTA_SETTING_FACE_PADDING, log) &&
           class_is_sound(&s->body, BAUTA_SETTING_BODY_SCORE, BAUTA_SETTING_BODY_PADDING, log) &&
           score_is_sound(s->weak_body_score) &&
           areas_are_sound(s->always, s->n_always, whole, log, "always") &&
           areas_are_sound(s->never, s->n_never, whole, log, "never");
}

static enum bauta_status open_detector(struct bt_finder *f, int width, int height,
                                       const struct bauta_log *log)
{
    if (f->settings.external)
        return BAUTA_OK;
    enum bauta_status status =
        bt_detector_runner_open(&f->detector, &f->settings, width, height, log);
    if (status != BAUTA_ERR_DETECTOR || !f->settings.mask_all_without_detector)
        return status;
    bt_log(log, BAUTA_LOG_WARNING, "nobody can be looked for: every picture is masked whole");
    return BAUTA_OK;
}

static enum bauta_status open_tracker(struct bt_finder *f)
{
    const struct bauta_find_settings *s = &f->settings;
    struct bt_tracker_settings t;
    bt_tracker_settings_init(&t, f->view.shown_width, f->view.shown_height);
    t.classes = s->classes;
    t.lookahead = s->lookahead;
    t.begin = s->body.score;
    t.strong = fmaxf(t.strong, t.begin);
    t.sure = fmaxf(sure_body, t.begin);
    t.still = fmaxf(t.still, t.begin);
    t.hold_us = t.face_hold_us = s->hold_us;
    t.body_padding = s->body.padding;
    t.face_padding = s->face.padding;
    t.unlooked_strays = s->external ? unlooked_strays : 0;
    return bt_tracker_new(&f->tracker, &t);
}

static void take_view(struct bt_finder *f, const struct bauta_view *view, int width, int height)
{
    bt_view_init(&f->view, view, width, height);
    for (int i = 0; i < f->settings.n_never; i++) {
        const struct bauta_rect *r = &f->settings.never[i];
        f->never[i] = bt_view_show(
            &f->view, (struct bt_box){(float)r->x, (float)r->y, (float)r->w, (float)r->h});
    }
}

enum bauta_status bt_finder_new(struct bt_finder **finder,
                                const struct bauta_find_settings *settings, int width, int height,
                                const struct bauta_log *log)
{
    *finder = NULL;
    if (!settings_are_sound(settings, width, height, log))
        return BAUTA_ERR_ARGUMENT;
    struct bt_finder *f = calloc(1, sizeof(*f));
    if (!f)
        return BAUTA_ERR_MEMORY;
    f->settings = *settings;
    if (f->settings.lookahead < 0)
        f->settings.lookahead = 0;
    f->waiting = calloc((size_t)f->settings.lookahead + 1, sizeof(*f->waiting));
    take_view(f, &settings->view, width, height);
    enum bauta_status status = f->waiting ? open_tracker(f) : BAUTA_ERR_MEMORY;
    if (!status)
        status = open_detector(f, width, height, log);
    if (status)
        bt_finder_free(&f);
    *finder = f;
    return status;
}

void bt_finder_free(struct bt_finder **finder)
{
    struct bt_finder *f = *finder;
    if (!f)
        return;
    bt_detector_free(&f->detector);
    bt_tracker_free(&f->tracker);
    free(f->waiting);
    free(f);
    *finder = NULL;
}

enum bauta_status bt_finder_set_view(struct bt_finder *f, const struct bauta_view *view)
{
    if (bauta_view_equals(view, &f->view.view))
        return BAUTA_OK;
    take_view(f, view, f->view.width, f->view.height);
    bt_tracker_begin_anew(f->tracker, f->view.shown_width, f->view.shown_height);
    f->anew = true;
    return f->detector ? bt_detector_set_view(f->detector, view) : BAUTA_OK;
}

/* Whether another scene begins with this picture. */
static bool see_cut(struct bt_finder *f, const struct bt_clear *picture)
{
    bool cut = bt_cut_see(&f->cut, picture) || f->anew;
    f->anew = false;
    return cut;
}

bool bt_finder_forget_never(struct bt_finder *f)
{
    bool some = f->settings.n_never > 0;
    f->settings.n_never = 0;
    return some;
}

/* Whether it is this picture's turn to be looked at by the detector. */
static bool is_due(const struct bt_finder *f, int64_t pts_us, bool late)
{
    if (!f->started)
        return true;
    if (f->settings.detect_every > 0)
        return f->n_skipped + 1 >= f->settings.detect_every;
    return !late || pts_us - f->last_look_us >= longest_gap_us;
}

static void wait_for_turn(struct bt_finder *f, struct waiting picture)
{
    f->waiting[(f->first + f->n_waiting++) % (f->settings.lookahead + 1)] = picture;
}

void bt_finder_look(struct bt_finder *f, const struct bt_clear *picture, int64_t pts_us, bool late)
{
    bool cut = see_cut(f, picture);
    bool looks = f->detector && (cut || is_due(f, pts_us, late));
    bool blind = !f->detector || (looks && bt_detector_find(f->detector, &f->found, picture));
    if (cut)
        bt_tracker_cut(f->tracker);
    if (looks && !blind) {
        bt_sights_mark_unwanted(&f->found, f->never, f->settings.n_never);
        f->started = true;
        f->n_skipped = 0;
        f->last_look_us = pts_us;
    } else {
        f->n_skipped++;
    }
    bt_tracker_look(f->tracker, looks && !blind ? &f->found : NULL, pts_us);
    wait_for_turn(f, (struct waiting){.pts_us = pts_us, .view = f->view, .blind = blind});
}

/* What was seen at `found_us` tells of the pictures around it, of the same scene. */
static void note_look(struct bt_finder *f, int64_t found_us)
{
    for (int i = 0; i < f->n_waiting; i++) {
        struct waiting *w = &f->waiting[(f->first + i) % (f->settings.lookahead + 1)];
        int64_t off_us = w->pts_us > found_us ? w->pts_us - found_us : found_us - w->pts_us;
        if (w->pts_us >= f->cut_us && off_us < w->unlooked_us)
            w->unlooked_us = off_us;
    }
}

void bt_finder_look_with(struct bt_finder *f, const struct bt_clear *picture, int64_t pts_us,
                         const struct bt_detections *found, int64_t found_us)
{
    /* What was found before the first picture was in another run. */
    if (see_cut(f, picture) || !f->some) {
        bt_tracker_cut(f->tracker);
        f->some = true;
        f->started = false;
        f->cut_us = pts_us;
    }
    bool looks = found && found_us >= f->cut_us;
    if (looks) {
        f->found = *found;
        bt_sights_show(&f->found, &f->view);
        bt_sights_age(&f->found, pts_us - found_us);
        bt_sights_mark_unwanted(&f->found, f->never, f->settings.n_never);
        f->started = true;
        f->last_look_us = found_us;
    }
    bt_tracker_look(f->tracker, looks ? &f->found : NULL, pts_us);
    wait_for_turn(f, (struct waiting){.pts_us = pts_us,
                                      .view = f->view,
                                      .whole = !f->started,
                                      .unlooked_us = pts_us - f->last_look_us});
    if (looks)
        note_look(f, found_us);
}

int bt_finder_waiting(const struct bt_finder *f)
{
    return f->n_waiting;
}

int64_t bt_finder_oldest(const struct bt_finder *f)
{
    return f->waiting[f->first].pts_us;
}

static void add_always(const struct bt_finder *f, struct bt_sightings *out)
{
    for (int i = 0; i < f->settings.n_always; i++) {
        const struct bauta_rect *r = &f->settings.always[i];
        if (out->n_items == BT_MAX_REGIONS) {
            out->n_dropped++;
            continue;
        }
        out->items[out->n_items++] =
            (struct bt_sighting){BAUTA_TARGET_AREA + (uint32_t)i,
                                 BAUTA_CLASS_BODY,
                                 {(float)r->x, (float)r->y, (float)r->w, (float)r->h},
                                 BAUTA_SOURCE_GIVEN};
    }
}

void bt_finder_give(struct bt_finder *f, struct bt_sightings *out)
{
    const struct waiting *w = &f->waiting[f->first];
    /* Who has come since, or goes before, the nearest look is not known. */
    bool whole = w->whole || (f->settings.external && w->unlooked_us > f->settings.longest_gap_us);
    bt_tracker_give(f->tracker, out);
    out->view = w->view.view;
    for (int i = 0; i < out->n_items; i++)
        out->items[i].box = bt_view_store(&w->view, out->items[i].box);
    add_always(f, out);
    out->blind = w->blind || whole;
    if (whole)
        out->whole = BAUTA_WHOLE_UNLOOKED;
    else if (out->blind && f->settings.mask_all_without_detector)
        out->whole = BAUTA_WHOLE_DETECTOR;
    f->first = (f->first + 1) % (f->settings.lookahead + 1);
    f->n_waiting--;
}
