/* SPDX-License-Identifier: Apache-2.0 */
#include "export_people.h"

#include <stdlib.h>
#include <string.h>

/* Where a person stands in the list, or should. */
static size_t place_of(const struct export_people *people,
                       const uint8_t stream[BAUTA_STREAM_ID_SIZE], uint32_t target)
{
    size_t low = 0, high = people->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct export_person *p = &people->items[middle];
        if (p->target < target || (p->target == target && memcmp(p->stream, stream, 16) < 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct export_people *people, size_t at,
                  const uint8_t stream[BAUTA_STREAM_ID_SIZE], uint32_t target)
{
    return at < people->n && people->items[at].target == target &&
           memcmp(people->items[at].stream, stream, 16) == 0;
}

static bool is_asked(const struct export_people *people, uint32_t target)
{
    bool asked = false;
    for (int i = 0; i < people->asked.n_targets; i++)
        asked |= people->asked.targets[i] == target;
    return asked;
}

/* NULL without memory. */
static struct export_person *find_or_add(struct export_people *people,
                                         const uint8_t stream[BAUTA_STREAM_ID_SIZE],
                                         uint32_t target)
{
    size_t at = place_of(people, stream, target);
    if (is_at(people, at, stream, target))
        return &people->items[at];
    if (people->n == people->n_allocated) {
        size_t more = people->n_allocated ? people->n_allocated * 2 : 64;
        struct export_person *items = realloc(people->items, more * sizeof(*items));
        people->failed |= items == NULL;
        if (!items)
            return NULL;
        people->items = items;
        people->n_allocated = more;
    }
    struct export_person *p = &people->items[at];
    memmove(p + 1, p, (people->n - at) * sizeof(*p));
    *p = (struct export_person){
        .target = target, .asked = is_asked(people, target), .spans = json_array()};
    memcpy(p->stream, stream, sizeof(p->stream));
    people->n++;
    return p;
}

void export_people_ask(struct export_people *people, const uint32_t *targets, int n_targets)
{
    people->asked = (struct people){.targets = targets, .n_targets = n_targets};
}

static bool overlap(const struct bauta_rect *a, const struct bauta_rect *b)
{
    return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

/* Whether a region that stays masked gives way to one that is shown: a pixel belongs to the first
 * of its regions (docs/format.md, "Composition"). */
static bool is_in_part(const struct bauta_reveal_report *report, int index)
{
    const struct bauta_region *masked = &report->regions[index];
    for (int i = 0; i < index && report->states[index] != BAUTA_REVEAL_SHOWN; i++)
        if (report->states[i] == BAUTA_REVEAL_SHOWN &&
            report->regions[i].target != masked->target &&
            overlap(&report->regions[i].rect, &masked->rect))
            return true;
    return false;
}

static void count_region(struct export_people *people, uint64_t picture,
                         const struct bauta_reveal_report *report, int index)
{
    struct export_person *p = find_or_add(people, report->stream_id, report->regions[index].target);
    if (!p)
        return;
    if (p->last_picture != picture + 1) {
        p->last_picture = picture + 1;
        p->n_pictures++;
        p->all = true;
        p->in_part = false;
    }
    p->n_regions[report->states[index]]++;
    p->all &= report->states[index] == BAUTA_REVEAL_SHOWN;
    p->in_part |= is_in_part(report, index);
}

static void add_to_spans(struct export_person *p, uint64_t picture, double time_s)
{
    size_t n = json_array_size(p->spans);
    if (p->n_clear > 0 && p->last_clear == picture && n)
        json_array_set_new(json_array_get(p->spans, n - 1), 1, json_real(time_s));
    else
        json_array_append_new(p->spans, json_pack("[f, f]", time_s, time_s));
    p->last_clear = picture + 1;
    p->n_clear++;
}

void export_people_count(struct export_people *people, uint64_t picture, double time_s,
                         const struct bauta_reveal_report *report)
{
    for (int i = 0; i < report->n_regions; i++)
        count_region(people, picture, report, i);
    for (int i = 0; i < report->n_regions; i++) {
        const uint32_t target = report->regions[i].target;
        size_t at = place_of(people, report->stream_id, target);
        if (!is_at(people, at, report->stream_id, target))
            continue;
        struct export_person *p = &people->items[at];
        if (p->last_picture != picture + 1 || people->failed)
            continue;
        if (p->all)
            add_to_spans(p, picture, time_s);
        p->n_in_part += p->in_part;
        p->all = p->in_part = false; /* once in a picture, however many regions */
    }
}

static const char *name(uint32_t target)
{
    static char text[40];
    if (target == BAUTA_TARGET_WHOLE_PICTURE)
        return "the whole picture (target 0)";
    snprintf(text, sizeof(text), "target %lu", (unsigned long)target);
    return text;
}

static bool judge_asked(const struct export_person *p, const char *in)
{
    const uint64_t *n = p->n_regions;
    const uint64_t n_hidden = n[BAUTA_REVEAL_DENIED] + n[BAUTA_REVEAL_MISSING] +
                              n[BAUTA_REVEAL_BROKEN] + n[BAUTA_REVEAL_UNWANTED];
    if (n_hidden)
        cli_warn("%s: %s stays masked in %llu of %llu pictures: %llu regions are not opened by any "
                 "right, %llu are missing, %llu altered or damaged",
                 in, name(p->target), (unsigned long long)(p->n_pictures - p->n_clear),
                 (unsigned long long)p->n_pictures, (unsigned long long)n[BAUTA_REVEAL_DENIED],
                 (unsigned long long)n[BAUTA_REVEAL_MISSING],
                 (unsigned long long)n[BAUTA_REVEAL_BROKEN]);
    if (p->target == BAUTA_TARGET_WHOLE_PICTURE && p->n_clear)
        cli_warn("%s: %llu pictures are shown whole, with everybody in them", in,
                 (unsigned long long)p->n_clear);
    return n_hidden == 0;
}

/* Those who were asked for and are nobody, or several. */
static bool judge_numbers(struct export_people *people, const char *in)
{
    struct people *asked = &people->asked;
    bool all = true;
    for (size_t i = 0; i < people->n; i++) {
        const struct export_person *p = &people->items[i];
        struct bauta_met_person met = {.target = p->target, .n = p->n_pictures};
        memcpy(met.stream_id, p->stream, sizeof(met.stream_id));
        if (p->asked)
            people_note(asked, &met);
    }
    people->failed |= asked->failed;
    for (int i = 0; i < asked->n_targets; i++) {
        if (people_have(asked, asked->targets[i]))
            continue;
        static const uint8_t nobody[BAUTA_STREAM_ID_SIZE];
        all = false;
        cli_warn("%s: %s is not in it", in, name(asked->targets[i]));
        find_or_add(people, nobody, asked->targets[i]);
    }
    return people_are_one_each(asked, in) && all;
}

int export_people_judge(struct export_people *people, const char *in)
{
    bool complete = judge_numbers(people, in);
    uint64_t n_in_part = 0;
    for (size_t i = 0; i < people->n; i++) {
        const struct export_person *p = &people->items[i];
        if (p->asked)
            complete &= judge_asked(p, in);
        n_in_part += !p->asked && p->n_in_part > 0;
        if (p->asked || p->target != BAUTA_TARGET_WHOLE_PICTURE)
            continue;
        complete = false;
        cli_warn("%s: %llu pictures are hidden whole, and with them whoever is in them", in,
                 (unsigned long long)p->n_pictures);
    }
    if (n_in_part)
        cli_warn("%s: %llu others are seen in part, where somebody who is clear stands before "
                 "them: look at it before it leaves the house",
                 in, (unsigned long long)n_in_part);
    return complete ? EXIT_DONE : EXIT_INCOMPLETE;
}

static json_t *person_json(const struct export_person *p)
{
    static const uint8_t nobody[BAUTA_STREAM_ID_SIZE];
    const uint64_t *n = p->n_regions;
    char id[2 * 16 + 1] = "";
    if (memcmp(p->stream, nobody, sizeof(nobody)) != 0)
        bauta_hex(id, p->stream, sizeof(p->stream));
    return json_pack("{s:I, s:s, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:O}", "target",
                     (json_int_t)p->target, "stream", id, "asked", (int)p->asked, "whole_picture",
                     p->target == BAUTA_TARGET_WHOLE_PICTURE, "pictures", (json_int_t)p->n_pictures,
                     "pictures_clear", (json_int_t)p->n_clear, "pictures_seen_in_part",
                     (json_int_t)p->n_in_part, "regions_clear", (json_int_t)n[BAUTA_REVEAL_SHOWN],
                     "regions_not_asked", (json_int_t)n[BAUTA_REVEAL_UNWANTED], "regions_denied",
                     (json_int_t)n[BAUTA_REVEAL_DENIED], "regions_missing",
                     (json_int_t)n[BAUTA_REVEAL_MISSING], "regions_broken",
                     (json_int_t)n[BAUTA_REVEAL_BROKEN], "clear", p->spans);
}

json_t *export_people_json(const struct export_people *people)
{
    json_t *all = people->failed ? NULL : json_array();
    for (size_t i = 0; all && i < people->n; i++)
        if (json_array_append_new(all, person_json(&people->items[i])) != 0) {
            json_decref(all);
            all = NULL;
        }
    return all;
}

void export_people_clear(struct export_people *people)
{
    for (size_t i = 0; i < people->n; i++)
        json_decref(people->items[i].spans);
    free(people->items);
    people_clear(&people->asked);
    *people = (struct export_people){.items = NULL};
}
