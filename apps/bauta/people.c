/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

#include <stdlib.h>
#include <string.h>

#include <bauta/run.h>

enum { MOST_NAMED = 4 }; /* runs in one line */

void people_note(void *user, const struct bauta_met_person *person)
{
    struct people *people = user;
    if (people->n == people->n_allocated) {
        size_t more = people->n_allocated ? people->n_allocated * 2 : 16;
        struct bauta_met_person *items = realloc(people->items, more * sizeof(*items));
        people->failed |= items == NULL;
        if (!items)
            return;
        people->items = items;
        people->n_allocated = more;
    }
    people->items[people->n++] = *person;
}

/* Whether this is somebody of that number whose run did not come before. */
static bool begins_run(const struct people *people, size_t at, uint32_t target)
{
    if (people->items[at].target != target)
        return false;
    for (size_t i = 0; i < at; i++)
        if (people->items[i].target == target &&
            bauta_run_is_same(people->items[i].stream_id, people->items[at].stream_id))
            return false;
    return true;
}

static size_t count_runs(const struct people *people, uint32_t target)
{
    size_t n = 0;
    for (size_t i = 0; i < people->n; i++)
        n += begins_run(people, i, target);
    return n;
}

bool people_have(const struct people *people, uint32_t target)
{
    for (size_t i = 0; i < people->n; i++)
        if (people->items[i].target == target)
            return true;
    return false;
}

static void say_runs(const struct people *people, uint32_t target, const char *in)
{
    char list[MOST_NAMED * (2 * 16 + 2) + 16] = "", id[2 * 16 + 1];
    size_t n = 0;
    for (size_t i = 0; i < people->n; i++) {
        const struct bauta_met_person *p = &people->items[i];
        if (!begins_run(people, i, target) || n++ >= MOST_NAMED)
            continue;
        strcat(list, n > 1 ? ", " : "");
        strcat(list, bauta_hex(id, p->stream_id, sizeof(p->stream_id)));
    }
    if (n > MOST_NAMED)
        strcat(list, " and others");
    cli_warn("%s: holds several recordings, and target %lu is in %zu of them (%s): numbers are a "
             "recording's own, so these can be different people, unless an earlier version of "
             "Bauta changed the keys on the way: cut the file to take one",
             in, (unsigned long)target, n, list);
}

bool people_are_one_each(const struct people *people, const char *in)
{
    bool one_each = true;
    for (int i = 0; i < people->n_targets; i++) {
        bool again = false;
        for (int k = 0; k < i; k++)
            again |= people->targets[k] == people->targets[i];
        if (again || people->targets[i] == BAUTA_TARGET_WHOLE_PICTURE ||
            count_runs(people, people->targets[i]) < 2)
            continue;
        say_runs(people, people->targets[i], in);
        one_each = false;
    }
    return one_each;
}

json_t *people_json(const struct people *people, const char *counted)
{
    char id[2 * 16 + 1];
    json_t *all = people->failed ? NULL : json_array();
    for (size_t i = 0; all && i < people->n; i++) {
        const struct bauta_met_person *p = &people->items[i];
        json_array_append_new(all,
                              json_pack("{s:I, s:s, s:I}", "target", (json_int_t)p->target,
                                        "stream", bauta_hex(id, p->stream_id, BAUTA_STREAM_ID_SIZE),
                                        counted, (json_int_t)p->n));
    }
    return all;
}

void people_clear(struct people *people)
{
    free(people->items);
    people->items = NULL;
    people->n = people->n_allocated = 0;
}
