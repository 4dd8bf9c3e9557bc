/* SPDX-License-Identifier: Apache-2.0 */
#include "track/moments.h"

#include <stdlib.h>

/* Sights from which a new track's speed says where it came from; it settles until then. */
enum { SPEED_UNTIL = 8 };

static const int64_t lead_us = 1000000; /* so long before a first sight a mask begins, at most */

enum bauta_status bt_moments_init(struct bt_moments *m, int n)
{
    *m = (struct bt_moments){.items = calloc((size_t)n, sizeof(*m->items)), .n_allocated = n};
    return m->items ? BAUTA_OK : BAUTA_ERR_MEMORY;
}

void bt_moments_clear(struct bt_moments *m)
{
    free(m->items);
    *m = (struct bt_moments){.items = NULL};
}

/* Number `i` from the oldest. */
static struct bt_moment *at(const struct bt_moments *m, int i)
{
    return &m->items[(m->first + i) % m->n_allocated];
}

struct bt_moment *bt_moments_add(struct bt_moments *m)
{
    return at(m, m->n_items++);
}

const struct bt_moment *bt_moments_oldest(const struct bt_moments *m)
{
    return at(m, 0);
}

void bt_moments_drop_oldest(struct bt_moments *m)
{
    m->first = (m->first + 1) % m->n_allocated;
    m->n_items--;
}

static struct bt_track *find(struct bt_moment *moment, uint32_t target)
{
    for (int i = 0; i < moment->n_tracks; i++)
        if (moment->tracks[i].target == target)
            return &moment->tracks[i];
    return NULL;
}

static struct bt_box between(struct bt_box a, struct bt_box b, float share)
{
    return (struct bt_box){a.x + share * (b.x - a.x), a.y + share * (b.y - a.y),
                           a.w + share * (b.w - a.w), a.h + share * (b.h - a.h)};
}

/* Somebody was not seen in pictures `from` + 1 .. `to` - 1, and is seen again in `to`. */
static void bridge(struct bt_moments *m, int from, int to, const struct bt_track *again)
{
    const struct bt_moment *start = at(m, from);
    struct bt_box before = find(at(m, from), again->target)->box;
    int64_t end_us = at(m, to)->pts_us;
    for (int i = from + 1; i < to; i++) {
        struct bt_moment *moment = at(m, i);
        struct bt_track *t = find(moment, again->target);
        if (!t)
            continue;
        int64_t since_us = moment->pts_us - start->pts_us, until_us = end_us - moment->pts_us;
        t->box = between(before, again->box, (float)since_us / (float)(since_us + until_us));
        if (until_us < t->lost_us)
            t->lost_us = until_us;
    }
}

static float middle_x(struct bt_box b)
{
    return b.x + b.w / 2;
}

static float middle_y(struct bt_box b)
{
    return b.y + b.h / 2;
}

/* Where somebody who appeared at `first_us` was before: where it comes from if it went as it goes.
 */
static void lead(struct bt_moment *moment, const struct bt_track *track)
{
    struct bt_track *t = find(moment, track->target);
    if (!t && moment->n_tracks == BT_MAX_TRACKS) {
        moment->n_dropped++;
        return;
    }
    if (!t)
        t = &moment->tracks[moment->n_tracks++];
    *t = *track;
    t->lost_us = track->first_us - moment->pts_us;
    t->seen = t->sharp = t->has_hint = false;
    t->box = track->first_box;
    if (track->n_sights >= BT_TRACK_SPEED_FROM) {
        float share = (float)t->lost_us / (float)(track->seen_us - track->first_us);
        t->box.x -= share * (middle_x(track->box) - middle_x(track->first_box));
        t->box.y -= share * (middle_y(track->box) - middle_y(track->first_box));
    }
}

/* The last picture before the newest in which `track` was seen, or else the oldest that has it. */
static int last_sight(const struct bt_moments *m, const struct bt_track *track)
{
    int i = m->n_items - 2;
    const struct bt_track *t;
    while (i > 0 && (t = find(at(m, i), track->target)) && !t->seen &&
           at(m, i - 1)->pts_us >= track->first_us)
        i--;
    return i;
}

static void amend(struct bt_moments *m, const struct bt_track *track)
{
    int newest = m->n_items - 1, last = last_sight(m, track);
    if (last >= 0 && last < newest - 1 && find(at(m, last), track->target))
        bridge(m, last, newest, track);
    for (int i = newest - 1; i >= 0 && !at(m, i + 1)->cut; i--) {
        if (at(m, i)->pts_us < track->first_us && track->n_sights <= SPEED_UNTIL &&
            track->first_us - at(m, i)->pts_us <= lead_us)
            lead(at(m, i), track);
        struct bt_track *t = find(at(m, i), track->target);
        if (t)
            t->confirmed = track->confirmed;
    }
}

void bt_moments_amend(struct bt_moments *m)
{
    const struct bt_moment *now = at(m, m->n_items - 1);
    for (int i = m->n_items - 2; i >= 0 && now->unlooked_us == 0; i--)
        if (at(m, i)->unlooked_us > now->pts_us - at(m, i)->pts_us)
            at(m, i)->unlooked_us = now->pts_us - at(m, i)->pts_us;
    for (int i = 0; i < now->n_tracks; i++)
        if (now->tracks[i].seen)
            amend(m, &now->tracks[i]);
}

void bt_moments_confirm(struct bt_moments *m, uint32_t target)
{
    for (int i = 0; i < m->n_items; i++) {
        struct bt_track *t = find(at(m, i), target);
        if (t && t->first_us <= at(m, i)->pts_us)
            t->confirmed = true;
    }
}

void bt_moments_drop(struct bt_moments *m, int n)
{
    int64_t now_us = at(m, m->n_items - 1)->pts_us;
    for (int i = m->n_items - 1; i >= 0 && now_us - at(m, i)->pts_us <= lead_us; i--) {
        at(m, i)->n_dropped += n;
        if (at(m, i)->cut)
            return;
    }
}
