/* SPDX-License-Identifier: Apache-2.0 */
#include "truth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *truth_path(const char *name)
{
    static char path[4096];
    const char *shared = getenv("BAUTA_SHARED");
    if (!shared || !*shared)
        return NULL;
    snprintf(path, sizeof(path), "%s/%s", shared, name);
    return path;
}

bool truth_read(struct truth *truth, const char *path)
{
    char line[256];
    FILE *file = fopen(path, "r");
    truth->n_people = 0;
    if (!file)
        return false;
    while (fgets(line, sizeof(line), file) && truth->n_people < TRUTH_MOST) {
        struct truth_person *p = &truth->people[truth->n_people];
        int n = sscanf(line, "%d,%d,%f,%f,%f,%f", &p->picture, &p->id, &p->box.x, &p->box.y,
                       &p->box.w, &p->box.h);
        if (n == 6 && p->id >= 0 && p->id < TRUTH_MOST_PEOPLE) {
            p->picture--;
            truth->n_people++;
        }
    }
    fclose(file);
    return truth->n_people > 0;
}

/* Fills a box, or counts what is filled in it; gives the number of its pixels inside the picture.
 */
static int visit(uint8_t *pixels, int width, int height, struct bt_box b, bool fill, int *n_filled)
{
    int left = (int)fmaxf(roundf(b.x), 0), top = (int)fmaxf(roundf(b.y), 0), n = 0;
    int right = (int)fminf(roundf(b.x + b.w), (float)width);
    int bottom = (int)fminf(roundf(b.y + b.h), (float)height);
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) {
            uint8_t *pixel = &pixels[(size_t)y * (size_t)width + (size_t)x];
            *n_filled += *pixel;
            *pixel = fill ? 1 : *pixel;
            n++;
        }
    return n;
}

static void add_head(struct coverage *c, const struct truth_person *person, uint8_t *pixels,
                     int width, int height)
{
    const struct bt_box *b = &person->box;
    struct bt_box head = {b->x + b->w / 4, b->y, b->w / 2, 0.15f * b->h};
    int n_hidden = 0, n = visit(pixels, width, height, head, false, &n_hidden);
    if (n == 0)
        return; /* outside the picture */
    bool hidden = n_hidden >= 0.6 * n;
    c->n_heads++;
    c->n_hidden += hidden;
    c->n_clear += n_hidden < 0.1 * n;
    c->n_people_of[person->id]++;
    c->n_hidden_of[person->id] += hidden;
}

void coverage_add(struct coverage *c, const struct truth *truth, const struct bt_sightings *out,
                  int picture, int width, int height)
{
    size_t size = (size_t)width * (size_t)height;
    uint8_t *hidden = calloc(size, 1), *people = calloc(size, 1);
    if (!hidden || !people)
        abort();
    int twice_hidden = 0, twice_people = 0;
    for (int i = 0; i < out->n_items; i++)
        c->hidden_area += visit(hidden, width, height, out->items[i].box, true, &twice_hidden);
    for (int i = 0; i < truth->n_people; i++) {
        if (truth->people[i].picture != picture)
            continue;
        add_head(c, &truth->people[i], hidden, width, height);
        c->true_area += visit(people, width, height, truth->people[i].box, true, &twice_people);
    }
    c->hidden_area -= twice_hidden;
    c->true_area -= twice_people;
    c->n_pictures++;
    free(hidden);
    free(people);
}

double coverage_heads(const struct coverage *c)
{
    return c->n_heads ? (double)c->n_hidden / c->n_heads : 0;
}

double coverage_people(const struct coverage *c)
{
    int n = 0, n_always = 0;
    for (int i = 0; i < TRUTH_MOST_PEOPLE; i++) {
        n += c->n_people_of[i] > 0;
        n_always += c->n_people_of[i] > 0 && c->n_hidden_of[i] == c->n_people_of[i];
    }
    return n ? (double)n_always / n : 0;
}

double coverage_area(const struct coverage *c)
{
    return c->true_area > 0 ? c->hidden_area / c->true_area : 0;
}
