/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/log.h"

enum bt_source_sizes bt_parts_sizes(enum bauta_size_change wanted, const char *output,
                                    enum bt_source_sizes scale)
{
    if (wanted == BAUTA_SIZE_CHANGE_STOP)
        return BT_SOURCE_STOP;
    return wanted == BAUTA_SIZE_CHANGE_SCALE || bauta_is_stream(output) ? scale : BT_SOURCE_PARTS;
}

/* A part has a name that nobody chose: it is told what it would be, and may be the input's. */
static enum bauta_status check(const struct bt_parts *p, const char *path, int number)
{
    if (bauta_output_apart(path, p->input, NULL) || bauta_output_check(path, p->replace, NULL))
        return bt_log_fail(p->log, BAUTA_ERR_EXISTS,
                           "%s: is there already: part %d of %s would have this name", path, number,
                           p->output);
    return BAUTA_OK;
}

static enum bauta_status add(struct bt_parts *p)
{
    if (p->n_items == BT_MAX_PARTS)
        return bt_log_fail(p->log, BAUTA_ERR_LIMIT,
                           "%s: its pictures change their size more than %d times; "
                           "--on-size-change scale makes one file of them",
                           p->input, BT_MAX_PARTS - 1);
    if (!bt_array_grow(&p->items, sizeof(*p->items), (size_t)p->n_items, &p->n_allocated))
        return BAUTA_ERR_MEMORY;
    /* not "OUT-2.mp4", which is what the file of a second camera is called */
    char *path = bauta_numbered_path(p->output, "part", p->n_items + 1);
    if (!path)
        return BAUTA_ERR_MEMORY;
    p->items[p->n_items++] = (struct bt_part_file){.path = path};
    return BAUTA_OK;
}

static void tell(const struct bt_parts *p, const char *path, const struct bt_source *source)
{
    const struct bt_source_part *part = &source->part;
    const struct bt_size_change *c = &source->change;
    if (part->number > 1)
        bt_log(p->log, BAUTA_LOG_WARNING,
               "%s: its pictures change from %dx%d to %dx%d after %.3f s: what comes goes into %s",
               p->input, c->from_w, c->from_h, c->to_w, c->to_h, part->start_s, path);
    const struct bauta_part told = {part->number,         path,
                                    part->start_s,        part->first,
                                    source->output_width, source->output_height};
    if (p->told)
        p->told(p->user, &told);
}

enum bauta_status bt_parts_begin(struct bt_parts *p, const char **path,
                                 const struct bt_source *source)
{
    assert(source->part.number == 1 || !bauta_is_stream(p->output));
    enum bauta_status status = add(p);
    if (status)
        return status;
    *path = p->items[p->n_items - 1].path;
    if (source->part.number > 1)
        status = check(p, *path, source->part.number);
    if (!status)
        tell(p, *path, source);
    return status;
}

enum bauta_status bt_parts_complete(struct bt_parts *p, struct bt_mux **mux)
{
    struct bt_part_file *item = &p->items[p->n_items - 1];
    item->mux = *mux;
    *mux = NULL;
    return bt_mux_complete(item->mux);
}

static enum bauta_status tell_complete(const struct bt_parts *p)
{
    int last = p->n_items - 1;
    enum bauta_status status = BAUTA_OK;
    while (last >= 0 && !p->items[last].mux)
        last--;
    for (int i = 0; i <= last && p->complete && !status; i++)
        if (p->items[i].mux)
            status =
                p->complete(p->user, p->items[i].path, bt_mux_file(p->items[i].mux), i == last);
    return status;
}

static enum bauta_status name(struct bt_part_file *item)
{
    struct stat there;
    if (!item->mux)
        return BAUTA_OK;
    item->replaces = !bauta_is_stream(item->path) && lstat(item->path, &there) == 0;
    return bt_mux_finish(item->mux);
}

enum bauta_status bt_parts_finish(struct bt_parts *p)
{
    enum bauta_status status = tell_complete(p);
    int i = p->n_items;
    while (!status && i > 0)
        status = name(&p->items[--i]);
    for (int k = i + 1; status && k < p->n_items; k++)
        if (p->items[k].mux && !p->items[k].replaces)
            unlink(
                p->items[k].path); /* what it has replaced is gone: better the new one than none */
    return status;
}

void bt_parts_clear(struct bt_parts *p)
{
    for (int i = 0; i < p->n_items; i++) {
        bt_mux_free(&p->items[i].mux);
        free(p->items[i].path);
    }
    free(p->items);
    p->items = NULL;
    p->n_items = 0;
    p->n_allocated = 0;
}
