/* SPDX-License-Identifier: Apache-2.0 */
#include "restore/object_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/rect.h"

static bool same_name(const struct bt_object_name *a, const struct bt_object_name *b)
{
    return a->target == b->target && a->class_ == b->class_ &&
           memcmp(a->stream_tag, b->stream_tag, sizeof(a->stream_tag)) == 0;
}

static void close_reader(const struct bt_object_readers *readers, struct bt_object_reader *r)
{
    if (r->decoder)
        readers->codec->decoder_free(&r->decoder);
    r->next_sequence = 0;
}

/* A place for a new object: a free one, or that of the object that was not used for longest. */
static struct bt_object_reader *make_room(struct bt_object_readers *readers)
{
    if (readers->n_items < BT_MAX_OBJECTS) {
        if (!bt_array_grow(&readers->items, sizeof(*readers->items), (size_t)readers->n_items,
                           &readers->n_allocated))
            return NULL;
        return &readers->items[readers->n_items++];
    }
    struct bt_object_reader *oldest = &readers->items[0];
    for (int i = 1; i < readers->n_items; i++)
        if (readers->items[i].last_used < oldest->last_used)
            oldest = &readers->items[i];
    close_reader(readers, oldest);
    return oldest;
}

static struct bt_object_reader *find_or_add(struct bt_object_readers *readers,
                                            const struct bt_object_name *name)
{
    for (int i = 0; i < readers->n_items; i++)
        if (same_name(&readers->items[i].name, name))
            return &readers->items[i];
    struct bt_object_reader *r = make_room(readers);
    if (r)
        *r = (struct bt_object_reader){.name = *name};
    return r;
}

void bt_object_readers_begin(struct bt_object_readers *readers, int width, int height)
{
    readers->budget = (int64_t)width * height * BT_MAX_OPENED;
    if (readers->budget < BT_LEAST_OPENED)
        readers->budget = BT_LEAST_OPENED;
}

/* Checks that the unit follows on from what was decoded, and completes the head's window. */
static enum bauta_status follow_on(const struct bt_object_readers *readers,
                                   struct bt_object_reader *r, struct bt_record_head *head,
                                   struct bt_place place)
{
    if (head->key) {
        if (!r->decoder || head->window.w != r->width || head->window.h != r->height) {
            close_reader(readers, r);
            enum bauta_status status =
                readers->codec->decoder_new(&r->decoder, readers->codec, r->codec_id);
            if (status)
                return status;
            if (readers->codec->decoder_limit)
                readers->codec->decoder_limit(r->decoder, head->window.w, head->window.h);
        }
        r->key = place;
        r->width = head->window.w;
        r->height = head->window.h;
        return BAUTA_OK;
    }
    /* An object is in every picture from its key unit on, so this names the very unit before. */
    if (!r->decoder || r->next_sequence == 0 || head->sequence != r->next_sequence ||
        place.epoch != r->key.epoch || place.picture != r->key.picture + head->sequence)
        return BAUTA_ERR_NOT_FOUND;
    head->window.w = r->width;
    head->window.h = r->height;
    return BAUTA_OK;
}

static enum bauta_status keep_picture(struct bt_opened *opened, const struct bauta_picture *picture,
                                      struct bauta_rect window)
{
    if (picture->width != window.w || picture->height != window.h)
        return BAUTA_ERR_TAMPERED;
    if (opened->frame.picture.width != window.w || opened->frame.picture.height != window.h) {
        bt_frame_clear(&opened->frame);
        enum bauta_status status = bt_frame_init(&opened->frame, window.w, window.h);
        if (status)
            return status == BAUTA_ERR_LIMIT ? BAUTA_ERR_TAMPERED : status;
    }
    bt_picture_copy(&opened->frame.picture, picture);
    opened->window = window;
    return BAUTA_OK;
}

static enum bauta_status decode(struct bt_object_readers *readers, struct bt_object_reader *r,
                                struct bt_opened *opened, struct bt_place place,
                                const struct bt_record *record, struct bauta_rect region)
{
    struct bt_buffer unit = {0};
    struct bt_record_head head;
    enum bauta_status status = bt_record_parse(&head, &unit, record, region);
    if (status == BAUTA_ERR_FORMAT)
        status = BAUTA_ERR_TAMPERED;
    if (!status)
        status = follow_on(readers, r, &head, place);
    if (!status && !bt_rect_contains(head.window, region))
        status = BAUTA_ERR_TAMPERED;
    struct bauta_picture picture;
    if (!status)
        readers->budget -= (int64_t)head.window.w * head.window.h;
    if (!status && readers->budget < 0)
        status = BAUTA_ERR_TAMPERED;
    if (!status && readers->codec->decode(r->decoder, &picture, bt_buffer_view(&unit)))
        status = BAUTA_ERR_TAMPERED;
    if (!status)
        status = keep_picture(opened, &picture, head.window);
    bt_buffer_wipe(&unit);
    r->next_sequence = status ? 0 : head.sequence + 1;
    return status;
}

enum bauta_status bt_object_readers_read(struct bt_object_readers *readers,
                                         struct bt_opened *opened,
                                         const struct bt_object_name *name, struct bt_place place,
                                         const struct bt_record *record, struct bauta_rect region,
                                         enum bauta_codec codec_id)
{
    struct bt_object_reader *r = find_or_add(readers, name);
    if (!r)
        return BAUTA_ERR_MEMORY;
    if (r->codec_id != codec_id)
        close_reader(readers, r);
    r->codec_id = codec_id;
    r->last_used = ++readers->clock;
    enum bauta_status status = decode(readers, r, opened, place, record, region);
    if (status)
        close_reader(readers, r);
    return status;
}

void bt_object_readers_clear(struct bt_object_readers *readers)
{
    for (int i = 0; i < readers->n_items; i++)
        close_reader(readers, &readers->items[i]);
    free(readers->items);
    readers->items = NULL;
    readers->n_items = 0;
    readers->n_allocated = 0;
}
