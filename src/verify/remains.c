/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/remains.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* Most that is kept of what stands beside pictures; what is past it counts as unreadable. Tools
 * that repeat a message repeat the same. */
enum { MOST_OTHERS = 1 << 20, REPEATED = 1024 };

static uint64_t short_name(const uint8_t digest[BT_DIGEST_SIZE])
{
    uint64_t name;
    memcpy(&name, digest, sizeof(name));
    return name;
}

static enum bauta_status put(struct bt_remains_list *list, uint64_t name)
{
    if (!bt_array_grow(&list->items, sizeof(*list->items), list->n, &list->n_allocated))
        return BAUTA_ERR_MEMORY;
    list->items[list->n++] = name;
    return BAUTA_OK;
}

static int compare(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* In `n` names that rise. */
static bool holds(const uint64_t *names, size_t n, uint64_t name)
{
    return n > 0 && bsearch(&name, names, n, sizeof(name), compare) != NULL;
}

static enum bauta_status note_other(struct bt_remains *r, struct bt_remains_file *f, uint64_t name)
{
    size_t from = r->others.n > f->first + REPEATED ? r->others.n - REPEATED : f->first;
    for (size_t i = r->others.n; i > from; i--)
        if (r->others.items[i - 1] == name)
            return BAUTA_OK;
    if (r->others.n < MOST_OTHERS)
        return put(&r->others, name);
    f->n_unread++;
    return BAUTA_OK;
}

/* Of the file at hand; NULL without memory. */
static struct bt_remains_file *take_file(struct bt_remains *r, uint32_t file, double time_s)
{
    if (r->n_files && r->files[r->n_files - 1].file == file)
        return &r->files[r->n_files - 1];
    if (!bt_array_grow(&r->files, sizeof(*r->files), r->n_files, &r->n_allocated))
        return NULL;
    r->files[r->n_files] = (struct bt_remains_file){
        .file = file, .first = r->others.n, .first_s = time_s, .last_s = time_s};
    return &r->files[r->n_files++];
}

static bool is_empty(const struct bt_picture_message *m)
{
    for (int i = 0; i < m->head.plan.n_regions; i++)
        if (m->capsules[i].size > 0)
            return false;
    return true;
}

enum bauta_status bt_remains_note(struct bt_remains *r, struct bauta_bytes message, double time_s,
                                  uint32_t file)
{
    struct bt_picture_message m;
    uint8_t digest[BT_DIGEST_SIZE];
    bool unread = bt_picture_message_parse(&m, message) != BAUTA_OK;
    if (!unread && is_empty(&m))
        return BAUTA_OK;
    struct bt_remains_file *f = take_file(r, file, time_s);
    enum bauta_status status = f ? BAUTA_OK : BAUTA_ERR_MEMORY;
    if (f && unread)
        f->n_unread++;
    for (int i = 0; !unread && !status && i < m.head.plan.n_regions; i++) {
        if (m.capsules[i].size == 0)
            continue;
        status = bt_digest(digest, m.capsules[i]);
        if (!status)
            status = note_other(r, f, short_name(digest));
    }
    if (f) {
        f->first_s = fmin(f->first_s, time_s);
        f->last_s = fmax(f->last_s, time_s);
    }
    return status;
}

static enum bauta_status take_erased(struct bt_remains *r, const struct bt_amendment *a)
{
    const size_t size = a->wide ? BT_ERASED_WIDE_SIZE : BT_ERASED_SIZE;
    enum bauta_status status = BAUTA_OK;
    for (size_t at = 0; at < a->erased.size && !status; at += size)
        status = put(&r->erased, short_name(a->erased.data + at + size - BT_DIGEST_SIZE));
    return status;
}

enum bauta_status bt_remains_judge_epoch(struct bt_remains *r, bool *found,
                                         const struct bt_signed_epoch *epoch,
                                         const struct bt_epoch_verdict *verdict,
                                         struct bt_findings *findings)
{
    const size_t before = r->erased.n;
    struct bauta_finding f = bt_findings_about(epoch, BAUTA_FINDING_NOT_ERASED);
    enum bauta_status status = BAUTA_OK;
    f.n = 0;
    *found = false;
    for (int i = 0; i < verdict->n_amendments && !status; i++)
        if (verdict->amendments[i].kind == BT_AMENDMENT_ERASED)
            status = take_erased(r, &verdict->amendments[i]);
    const size_t n = r->erased.n - before;
    if (status || n == 0)
        return status;
    uint64_t *names = r->erased.items + before;
    qsort(names, n, sizeof(*names), compare);
    for (size_t i = 0; i < epoch->n_units; i++) {
        const struct bt_found_unit *u = &epoch->units[i];
        bool there = false;
        for (size_t at = 0; at < u->present.size && !there; at += BT_DIGEST_SIZE)
            there = holds(names, n, short_name(u->present.data + at));
        if (there && f.n++ == 0)
            f.first_s = u->time_s;
        if (there)
            f.last_s = u->time_s;
    }
    *found = f.n > 0;
    if (*found)
        bt_findings_report(findings, &f);
    return BAUTA_OK;
}

void bt_remains_finish(struct bt_remains *r, struct bt_findings *findings)
{
    if (r->erased.n == 0)
        return;
    qsort(r->erased.items, r->erased.n, sizeof(uint64_t), compare);
    for (size_t i = 0; i < r->n_files; i++) {
        const struct bt_remains_file *file = &r->files[i];
        const struct bauta_finding f = {.kind = BAUTA_FINDING_NOT_ERASED,
                                        .file = file->file,
                                        .first_s = file->first_s,
                                        .last_s = file->last_s};
        size_t end = i + 1 < r->n_files ? r->files[i + 1].first : r->others.n;
        bool there = file->n_unread > 0;
        for (size_t k = file->first; k < end && !there; k++)
            there = holds(r->erased.items, r->erased.n, r->others.items[k]);
        if (there)
            bt_findings_report(findings, &f);
    }
}

void bt_remains_clear(struct bt_remains *r)
{
    free(r->erased.items);
    free(r->others.items);
    free(r->files);
    *r = (struct bt_remains){.n_files = 0};
}
