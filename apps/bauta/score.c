/* SPDX-License-Identifier: Apache-2.0 */
#include "score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HIDDEN = 1, TRUE = 2 }; /* what a pixel is */

const int score_heights[SCORE_HEIGHTS] = {0, 40, 60, 80, 160};

static const double hidden_share = 0.6, clear_share = 0.1, same_overlap = 0.3;

struct area {
    double x, y, w, h;
};

static int compare_ids(const void *left, const void *right)
{
    const struct score_person *a = left, *b = right;
    return a->id < b->id ? -1 : a->id > b->id;
}

bool score_begin(struct score *s, const struct truth *truth)
{
    s->people = calloc((size_t)truth->n_boxes, sizeof(*s->people));
    if (!s->people)
        return false;
    for (int i = 0; i < truth->n_boxes; i++)
        s->people[i].id = truth->boxes[i].id;
    qsort(s->people, (size_t)truth->n_boxes, sizeof(*s->people), compare_ids);
    for (int i = 0; i < truth->n_boxes; i++)
        if (s->n_people == 0 || s->people[s->n_people - 1].id != s->people[i].id)
            s->people[s->n_people++] = s->people[i];
    return true;
}

void score_clear(struct score *s)
{
    free(s->people);
    free(s->pixels);
    *s = (struct score){.people = NULL};
}

static struct score_person *find(const struct score *s, long id)
{
    const struct score_person wanted = {.id = id};
    return bsearch(&wanted, s->people, (size_t)s->n_people, sizeof(wanted), compare_ids);
}

/* Marks the pixels of an area; gives how many it has in the picture, and of them how many had
 * `seen` and `mark` before. */
static double visit(const struct score *s, struct area a, uint8_t mark, uint8_t seen,
                    double *n_seen, double *n_marked)
{
    int left = (int)fmax(round(a.x), 0), right = (int)fmin(round(a.x + a.w), s->width);
    int top = (int)fmax(round(a.y), 0), bottom = (int)fmin(round(a.y + a.h), s->height);
    double n = 0;
    *n_seen = *n_marked = 0;
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) {
            uint8_t *pixel = &s->pixels[(size_t)y * (size_t)s->width + (size_t)x];
            *n_seen += (*pixel & seen) != 0;
            *n_marked += (*pixel & mark) != 0;
            *pixel |= mark;
            n++;
        }
    return n;
}

static struct area area_of(struct bauta_rect r)
{
    return (struct area){r.x, r.y, r.w, r.h};
}

static double overlap(struct area a, struct area b)
{
    double w = fmin(a.x + a.w, b.x + b.w) - fmax(a.x, b.x);
    double h = fmin(a.y + a.h, b.y + b.h) - fmax(a.y, b.y);
    return w > 0 && h > 0 ? w * h / (a.w * a.h + b.w * b.h - w * h) : 0;
}

/* Whose mask a person's is: the one with the same number as before if it still fits, or else the
 * best (as CLEAR MOT counts, Bernardin and Stiefelhagen 2008). 0: nobody's. */
static uint32_t find_target(struct area box, uint32_t before, const struct bauta_region *regions,
                            int n_regions)
{
    uint32_t best = 0;
    double most = same_overlap;
    for (int i = 0; i < n_regions; i++) {
        double o =
            regions[i].class_ == BAUTA_CLASS_BODY ? overlap(box, area_of(regions[i].rect)) : 0;
        if (o >= same_overlap && before && regions[i].target == before)
            return before;
        if (o > most) {
            most = o;
            best = regions[i].target;
        }
    }
    return best;
}

static int height_of(double h)
{
    int i = SCORE_HEIGHTS - 1;
    while (h < score_heights[i])
        i--;
    return i;
}

static void follow(struct score_person *p, unsigned long picture, bool hidden)
{
    bool goes_on = p->n_boxes > 0 && picture == p->last_seen + 1;
    p->run = hidden ? 0 : goes_on ? p->run + 1 : 1;
    if (p->run > p->longest_run)
        p->longest_run = p->run;
    p->n_boxes++;
    p->n_hidden += hidden;
    p->last_seen = picture;
}

static bool lies(const struct bauta_view *view)
{
    return view->turn == 90 || view->turn == 270;
}

/* The head's part of a person's box: at the edge that is shown above. */
static struct area head_of(struct area box, const struct bauta_view *view)
{
    const double part = 0.15;
    struct area head = {box.x + box.w / 4, box.y, box.w / 2, part * box.h};
    if (lies(view))
        head = (struct area){box.x, box.y + box.h / 4, part * box.w, box.h / 2};
    if (view->turn == 180)
        head.y = box.y + box.h - head.h;
    if (lies(view) && (view->turn == 270) != view->mirrored)
        head.x = box.x + box.w - head.w;
    return head;
}

/* As the person is shown, in square pixels of which none is smaller than a stored one. */
static double shown_height(struct area box, const struct bauta_view *view)
{
    double shape =
        view->pixel_height > 0 ? (double)view->pixel_height / (double)view->pixel_width : 1;
    return lies(view) ? box.w * fmax(1 / shape, 1) : box.h * fmax(shape, 1);
}

static void add_person(struct score *s, const struct truth_box *b, const struct bauta_view *view,
                       const struct bauta_region *regions, int n_regions)
{
    struct area box = {b->x, b->y, b->w, b->h};
    struct area head = head_of(box, view);
    int height = height_of(shown_height(box, view));
    double n_hidden, n_true, n_head_hidden, n_ignored;
    double n_head = visit(s, head, 0, HIDDEN, &n_head_hidden, &n_ignored);
    if (n_head <= 0)
        return; /* outside the picture */
    double n = visit(s, box, TRUE, HIDDEN, &n_hidden, &n_true);
    bool hidden = n_head_hidden >= hidden_share * n_head;
    struct score_person *p = find(s, b->id);
    uint32_t target = find_target(box, p->target, regions, n_regions);
    s->n_boxes++;
    s->n_hidden_heads += hidden;
    s->n_clear_heads += n_head_hidden < clear_share * n_head;
    s->n_hidden_boxes += n_hidden >= hidden_share * n;
    s->n_boxes_of[height]++;
    s->n_hidden_of[height] += hidden;
    s->true_area += n - n_true;
    s->n_switches += target && p->target && target != p->target;
    if (target)
        p->target = target;
    follow(p, b->picture, hidden);
}

bool score_add(struct score *s, int width, int height, const struct bauta_view *view,
               const struct truth_box *boxes, int n_boxes, const struct bauta_region *regions,
               int n_regions)
{
    if (!s->pixels || s->width != width || s->height != height) {
        free(s->pixels);
        s->pixels = malloc((size_t)width * (size_t)height);
        s->width = width;
        s->height = height;
        if (!s->pixels)
            return false;
    }
    memset(s->pixels, 0, (size_t)width * (size_t)height);
    for (int i = 0; i < n_regions; i++) {
        double n_seen, n_marked;
        double n = visit(s, area_of(regions[i].rect), HIDDEN, 0, &n_seen, &n_marked);
        s->masked_area += n - n_marked;
    }
    for (int i = 0; i < n_boxes; i++)
        add_person(s, &boxes[i], view, regions, n_regions);
    s->n_pictures++;
    return true;
}
