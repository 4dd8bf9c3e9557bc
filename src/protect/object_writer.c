/* SPDX-License-Identifier: Apache-2.0 */
#include "protect/object_writer.h"

static void give_back(struct bt_object_writers *writers, struct bt_object_writer *w)
{
    if (w->encoder)
        bt_encoder_pool_give(&writers->pool, writers->codec, &w->encoder, w->frame.picture.width,
                             w->frame.picture.height);
}

static void close_writer(struct bt_object_writers *writers, struct bt_object_writer *w)
{
    give_back(writers, w);
    bt_frame_clear(&w->frame);
    w->window.rect = (struct bauta_rect){0, 0, 0, 0};
}

static struct bt_object_writer *find_or_add(struct bt_object_writers *writers,
                                            const struct bauta_region *region)
{
    for (int i = 0; i < writers->n_items; i++)
        if (writers->items[i].target == region->target &&
            writers->items[i].class_ == region->class_)
            return &writers->items[i];
    if (writers->n_items == 2 * BT_MAX_REGIONS)
        return NULL;
    struct bt_object_writer *w = &writers->items[writers->n_items++];
    *w = (struct bt_object_writer){.target = region->target,
                                   .class_ = region->class_,
                                   .window = {.least_side = writers->codec->least_side}};
    return w;
}

/* Makes encoder and frame fit the window. */
static enum bauta_status open_writer(struct bt_object_writers *writers, struct bt_object_writer *w)
{
    struct bauta_rect r = w->window.rect;
    give_back(writers, w);
    bt_frame_clear(&w->frame);
    enum bauta_status status = bt_frame_init(&w->frame, r.w, r.h);
    return status ? status
                  : bt_encoder_pool_take(&writers->pool, writers->codec, &w->encoder, r.w, r.h);
}

static enum bauta_status write_record(struct bt_object_writers *writers, struct bt_object_writer *w,
                                      struct bt_record *record,
                                      const struct bt_object_source *source, int index, bool renew)
{
    const struct bauta_picture *picture = &source->masked->picture;
    struct bauta_rect region = source->plan->regions[index].rect;
    bool resized =
        bt_window_follow(&w->window, region, picture->width, picture->height, renew || !w->encoder);
    if (resized || !w->encoder) {
        enum bauta_status status = open_writer(writers, w);
        if (status)
            return status;
        renew = true;
    }
    w->sequence = renew ? 0 : w->sequence + 1;
    struct bt_crop crop;
    bt_crop_window(&crop, &w->frame, w->window.rect, source->masked, source->hidden, source->plan,
                   index, renew);
    struct bauta_bytes unit;
    enum bauta_status status = writers->codec->encode(w->encoder, &unit, &crop.picture, renew);
    if (status)
        return status;
    if (unit.size > BT_MAX_OBJECT_SIZE)
        return BAUTA_ERR_LIMIT;
    struct bt_record_head head = {renew, w->sequence, w->window.rect};
    bt_record_write(record, &head, region, unit);
    return bt_buffer_status(&record->bytes);
}

enum bauta_status bt_object_writers_write(struct bt_object_writers *writers,
                                          struct bt_record *record,
                                          const struct bt_object_source *source, int index,
                                          bool renew)
{
    struct bt_object_writer *w = find_or_add(writers, &source->plan->regions[index]);
    if (!w)
        return BAUTA_ERR_LIMIT;
    w->used = true;
    enum bauta_status status = write_record(writers, w, record, source, index, renew);
    if (status) {
        bt_record_clear(record);
        if (w->encoder) /* what failed once is not used again */
            writers->codec->encoder_free(&w->encoder);
        close_writer(writers, w);
    }
    return status;
}

void bt_object_writers_sweep(struct bt_object_writers *writers)
{
    int n_kept = 0;
    for (int i = 0; i < writers->n_items; i++) {
        struct bt_object_writer *w = &writers->items[i];
        if (!w->used) {
            close_writer(writers, w);
            continue;
        }
        w->used = false;
        if (n_kept != i)
            writers->items[n_kept] = *w;
        n_kept++;
    }
    writers->n_items = n_kept;
}

void bt_object_writers_clear(struct bt_object_writers *writers)
{
    for (int i = 0; i < writers->n_items; i++)
        close_writer(writers, &writers->items[i]);
    writers->n_items = 0;
    bt_encoder_pool_clear(&writers->pool, writers->codec);
}
