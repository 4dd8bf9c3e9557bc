/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/inspector.h>
#include <bauta/run.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/contents.h"
#include "recovery/messages.h"
#include "verify/spans.h"

struct bauta_inspector {
    enum bauta_codec codec;
    struct bauta_inspection found;
    struct bauta_target_summary *targets; /* sorted by target, then class */
    struct bt_spans *spans;               /* of each of them */
    size_t n_allocated;
    uint32_t last_epoch;
    uint8_t last_stream_id[BAUTA_STREAM_ID_SIZE];
};

enum bauta_status bauta_inspector_new(struct bauta_inspector **inspector, enum bauta_codec codec)
{
    if (!inspector)
        return BAUTA_ERR_ARGUMENT;
    *inspector = calloc(1, sizeof(**inspector));
    if (!*inspector)
        return BAUTA_ERR_MEMORY;
    (*inspector)->codec = codec;
    return BAUTA_OK;
}

void bauta_inspector_free(struct bauta_inspector **inspector)
{
    if (!inspector || !*inspector)
        return;
    for (size_t i = 0; i < (*inspector)->found.n_targets; i++)
        bt_spans_clear(&(*inspector)->spans[i]);
    free((*inspector)->spans);
    free((*inspector)->targets);
    free(*inspector);
    *inspector = NULL;
}

static void note_recipient(struct bauta_inspection *found, const uint8_t key_id[BAUTA_KEY_ID_SIZE])
{
    for (int i = 0; i < found->n_recipients; i++)
        if (memcmp(found->recipients[i], key_id, BAUTA_KEY_ID_SIZE) == 0)
            return;
    if (found->n_recipients < BAUTA_MAX_RECIPIENTS)
        memcpy(found->recipients[found->n_recipients++], key_id, BAUTA_KEY_ID_SIZE);
}

static void note_stream(struct bauta_inspector *i, const struct bt_stream_message *m)
{
    struct bauta_inspection *found = &i->found;
    bool new_stream =
        found->n_streams == 0 || memcmp(i->last_stream_id, m->stream_id, BAUTA_STREAM_ID_SIZE) != 0;
    if (found->n_streams == 0) {
        memcpy(found->stream_id, m->stream_id, BAUTA_STREAM_ID_SIZE);
        found->object_codec = bt_codec_of_wire(m->object_codec);
    }
    if (new_stream &&
        (found->n_streams == 0 || !bauta_run_is_same(i->last_stream_id, m->stream_id)))
        found->n_runs++;
    if (new_stream)
        found->n_streams++;
    if (new_stream || m->epoch != i->last_epoch)
        found->n_epochs++;
    i->last_epoch = m->epoch;
    memcpy(i->last_stream_id, m->stream_id, BAUTA_STREAM_ID_SIZE);
    for (int k = 0; k < m->n_envelopes; k++)
        note_recipient(found, m->envelopes[k].key_id);
}

static bool comes_before(const struct bauta_target_summary *s, const struct bauta_region *region)
{
    return s->target != region->target ? s->target < region->target : s->class_ < region->class_;
}

static bool make_room(struct bauta_inspector *i)
{
    if (i->found.n_targets < i->n_allocated)
        return true;
    size_t more = i->n_allocated ? i->n_allocated * 2 : 64;
    void *targets = realloc(i->targets, more * sizeof(*i->targets));
    if (targets)
        i->targets = targets;
    void *spans = targets ? realloc(i->spans, more * sizeof(*i->spans)) : NULL;
    if (!spans)
        return false;
    i->spans = spans;
    i->n_allocated = more;
    return true;
}

/* The number of the summary of a region's target and class, made if it is new. */
static enum bauta_status find_summary(struct bauta_inspector *i, size_t *number,
                                      const struct bauta_region *region)
{
    size_t n = i->found.n_targets, low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (comes_before(&i->targets[middle], region))
            low = middle + 1;
        else
            high = middle;
    }
    *number = low;
    if (low < n && i->targets[low].target == region->target &&
        i->targets[low].class_ == region->class_)
        return BAUTA_OK;
    if (!make_room(i))
        return BAUTA_ERR_MEMORY;
    memmove(&i->targets[low + 1], &i->targets[low], (n - low) * sizeof(*i->targets));
    memmove(&i->spans[low + 1], &i->spans[low], (n - low) * sizeof(*i->spans));
    i->targets[low] =
        (struct bauta_target_summary){.target = region->target, .class_ = region->class_};
    i->spans[low] = (struct bt_spans){0};
    i->found.n_targets++;
    return BAUTA_OK;
}

static enum bauta_status note_time(struct bauta_inspector *i, size_t number, double time_s)
{
    struct bauta_target_summary *s = &i->targets[number];
    const bool first = i->spans[number].n == 0;
    s->first_s = first || time_s < s->first_s ? time_s : s->first_s;
    s->last_s = first || time_s > s->last_s ? time_s : s->last_s;
    return bt_spans_note(&i->spans[number], time_s);
}

static enum bauta_status note_picture(struct bauta_inspector *i, const struct bt_picture_message *m,
                                      double time_s)
{
    i->found.n_pictures++;
    for (int k = 0; k < m->head.plan.n_regions; k++) {
        size_t number;
        enum bauta_status status = find_summary(i, &number, &m->head.plan.regions[k]);
        if (!status && !isnan(time_s))
            status = note_time(i, number, time_s);
        if (status)
            return status;
        struct bauta_target_summary *s = &i->targets[number];
        s->n_capsules += m->capsules[k].size > 0;
        s->n_missing += m->capsules[k].size == 0;
        s->capsule_bytes += m->capsules[k].size;
    }
    return BAUTA_OK;
}

/* Notes what a unit's own messages say, and counts those that cannot be read. Other types and later
 * versions are for later readers. */
static enum bauta_status note_message(struct bauta_inspector *i, const struct bt_contents *c,
                                      int number, double time_s)
{
    const struct bt_message *message = &c->messages[number];
    enum bauta_status status = message->bytes.size ? BAUTA_OK : BAUTA_ERR_FORMAT;
    if (number == c->picture)
        return note_picture(i, &c->picture_message, time_s);
    if (number == c->stream) {
        note_stream(i, &c->stream_message);
    } else if (message->type == BT_MESSAGE_STREAM) {
        struct bt_stream_message m;
        status = bt_stream_message_parse(&m, message->bytes);
    } else if (message->type == BT_MESSAGE_PICTURE) {
        struct bt_picture_message m;
        status = bt_picture_message_parse(&m, message->bytes);
    }
    i->found.n_damaged += status != BAUTA_OK && status != BAUTA_ERR_UNSUPPORTED;
    return BAUTA_OK;
}

enum bauta_status bauta_inspector_collect(struct bauta_inspector *i, struct bauta_bytes au,
                                          double time_s)
{
    if (!i || (au.size && !au.data))
        return BAUTA_ERR_ARGUMENT;
    struct bt_contents c;
    enum bauta_status status = bt_contents_read(&c, i->codec, au);
    if (status == BAUTA_ERR_FORMAT) {
        i->found.n_damaged++;
        status = BAUTA_OK;
    }
    time_s = bt_messages_time(time_s);
    for (int k = 0; k < c.n_messages && !status; k++)
        status = note_message(i, &c, k, time_s);
    i->found.n_access_units += c.is_picture;
    i->found.n_hidden += c.is_picture && isnan(time_s);
    i->found.stream_bytes += au.size;
    i->found.recovery_bytes += c.sei_bytes;
    bt_contents_clear(&c);
    return status;
}

void bauta_inspector_result(struct bauta_inspector *i, struct bauta_inspection *inspection)
{
    for (size_t k = 0; k < i->found.n_targets; k++) {
        i->targets[k].n_spans = i->spans[k].n;
        i->targets[k].spans = i->spans[k].list;
    }
    *inspection = i->found;
    inspection->targets = i->targets;
}
