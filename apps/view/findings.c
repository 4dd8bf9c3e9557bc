/* SPDX-License-Identifier: Apache-2.0 */
#include "findings.h"

/* A line that may still go on. */
struct line {
    struct bauta_finding f;
    uint32_t last_epoch;
    json_t *json; /* borrowed from the list */
};

struct findings {
    json_t *list;
    size_t most;
    struct line open[BAUTA_N_FINDINGS]; /* a ring; a finding goes on one of the last lines */
    size_t n_added;
};

struct findings *findings_new(size_t most)
{
    struct findings *findings = g_new0(struct findings, 1);
    findings->list = json_array();
    findings->most = most;
    return findings;
}

void findings_free(struct findings *findings)
{
    if (!findings)
        return;
    json_decref(findings->list);
    g_free(findings);
}

static void write_line(const struct line *line)
{
    json_object_set_new(line->json, "last", json_real(line->f.last_s));
    json_object_set_new(line->json, "count", json_integer((json_int_t)line->f.n));
    json_object_set_new(line->json, "last_epoch", json_integer((json_int_t)line->last_epoch));
}

static json_t *new_line(const struct bauta_finding *f)
{
    json_t *line = json_pack("{s:s, s:b, s:f}", "finding", bauta_finding_name(f->kind), "fault",
                             bauta_finding_is_fault(f->kind), "first", f->first_s);
    json_object_set_new(line, "stream", json_hex(f->stream_id, sizeof(f->stream_id)));
    json_object_set_new(line, "epoch", json_integer((json_int_t)f->epoch));
    json_object_set_new(line, "key", json_hex(f->key_id, sizeof(f->key_id)));
    json_object_set_new(line, "utc_ms", json_integer((json_int_t)f->utc_ms));
    json_object_set_new(line, "reason", json_text(f->reason));
    return line;
}

void findings_add(void *user, const struct bauta_finding *f)
{
    struct findings *all = user;
    const size_t n_open = MIN(all->n_added, json_array_size(all->list));
    for (size_t back = 1; back <= MIN(n_open, (size_t)BAUTA_N_FINDINGS); back++) {
        struct line *line = &all->open[(all->n_added - back) % BAUTA_N_FINDINGS];
        if (!bauta_finding_continues(&line->f, line->last_epoch, f))
            continue;
        line->last_epoch = f->epoch;
        line->f.last_s = MAX(line->f.last_s, f->last_s);
        line->f.n += f->n;
        write_line(line);
        return;
    }
    struct line *line = &all->open[all->n_added++ % BAUTA_N_FINDINGS];
    *line = (struct line){*f, f->epoch, new_line(f)};
    write_line(line);
    json_array_append_new(all->list, line->json);
    if (all->most && json_array_size(all->list) > all->most)
        json_array_remove(all->list, 0);
}

json_t *findings_json(const struct findings *findings)
{
    return json_deep_copy(findings->list);
}
