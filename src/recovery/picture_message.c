/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/picture_message.h"

#include <string.h>

#include "base/reader.h"

enum { MOST_BLOCK = 504 }; /* pixels: what the wire can say */

void bt_picture_message_write_head(struct bt_buffer *out, const struct bt_picture_head *head)
{
    bt_buffer_put_u8(out, BT_MESSAGE_PICTURE);
    bool wide = head->plan.n_regions > BT_MAX_NARROW_REGIONS;
    bt_buffer_put_u8(out, wide ? BT_WIRE_VERSION_WIDE : BT_WIRE_VERSION);
    bt_buffer_append(out, (struct bauta_bytes){head->stream_tag, sizeof(head->stream_tag)});
    bt_buffer_put_u32(out, head->epoch);
    bt_buffer_append(out, (struct bauta_bytes){head->slices_hash, sizeof(head->slices_hash)});
    bt_buffer_put_vlq(out, head->picture);
    bt_buffer_put_vlq(out, (uint32_t)head->plan.n_regions);
    for (int i = 0; i < head->plan.n_regions; i++) {
        const struct bauta_region *r = &head->plan.regions[i];
        bt_buffer_put_vlq(out, r->target);
        bt_buffer_put_u8(out, (unsigned)r->class_ |
                                  (unsigned)(r->block < MOST_BLOCK ? r->block / 8 : MOST_BLOCK / 8)
                                      << 2);
        bt_buffer_put_vlq(out, (uint32_t)r->rect.x / 2);
        bt_buffer_put_vlq(out, (uint32_t)r->rect.y / 2);
        bt_buffer_put_vlq(out, (uint32_t)r->rect.w / 2);
        bt_buffer_put_vlq(out, (uint32_t)r->rect.h / 2);
    }
}

void bt_picture_message_write_capsule(struct bt_buffer *out, const struct bt_capsule *capsule)
{
    bt_buffer_put_vlq(out, capsule ? (uint32_t)capsule->bytes.size : 0);
    if (capsule)
        bt_buffer_append(out, bt_buffer_view(&capsule->bytes));
}

/* A coordinate that stands on the wire in units of two pixels; out of range gives -1. */
static int read_even(struct bt_reader *r)
{
    uint32_t value = bt_reader_vlq(r);
    return value <= BT_MAX_SIDE / 2 ? (int)value * 2 : -1;
}

static bool region_is_sound(const struct bauta_region *r)
{
    const struct bauta_rect *a = &r->rect;
    return bauta_class_name(r->class_) && a->x >= 0 && a->y >= 0 && a->w > 0 && a->h > 0 &&
           a->x + a->w <= BT_MAX_SIDE && a->y + a->h <= BT_MAX_SIDE;
}

static enum bauta_status parse_plan(struct bt_plan *plan, struct bt_reader *r, bool wide)
{
    uint32_t n_regions = bt_reader_vlq(r);
    if (n_regions > (wide ? BT_MAX_REGIONS : BT_MAX_NARROW_REGIONS))
        return BAUTA_ERR_LIMIT;
    if (wide && n_regions <= BT_MAX_NARROW_REGIONS)
        return BAUTA_ERR_FORMAT; /* one plan has one form */
    for (plan->n_regions = 0; plan->n_regions < (int)n_regions; plan->n_regions++) {
        struct bauta_region *region = &plan->regions[plan->n_regions];
        region->target = bt_reader_vlq(r);
        unsigned kind = bt_reader_u8(r);
        region->class_ = (enum bauta_class)(kind & 3);
        region->block = (int)(kind >> 2) * 8;
        region->source = BAUTA_SOURCE_GIVEN;
        region->rect.x = read_even(r);
        region->rect.y = read_even(r);
        region->rect.w = read_even(r);
        region->rect.h = read_even(r);
        if (r->overrun || !region_is_sound(region))
            return BAUTA_ERR_FORMAT;
        for (int i = 0; i < plan->n_regions; i++)
            if (plan->regions[i].target == region->target &&
                plan->regions[i].class_ == region->class_)
                return BAUTA_ERR_FORMAT; /* two capsules would share key and nonce */
    }
    return BAUTA_OK;
}

enum bauta_status bt_picture_message_parse(struct bt_picture_message *m, struct bauta_bytes bytes)
{
    memset(m, 0, sizeof(*m));
    struct bt_reader r;
    bt_reader_init(&r, bytes);
    if (bt_reader_u8(&r) != BT_MESSAGE_PICTURE)
        return BAUTA_ERR_FORMAT;
    unsigned version = bt_reader_u8(&r);
    if (version != BT_WIRE_VERSION && version != BT_WIRE_VERSION_WIDE)
        return r.overrun ? BAUTA_ERR_FORMAT : BAUTA_ERR_UNSUPPORTED;
    struct bauta_bytes tag = bt_reader_take(&r, BT_STREAM_TAG);
    m->head.epoch = bt_reader_u32(&r);
    struct bauta_bytes hash = bt_reader_take(&r, BT_SLICES_HASH);
    m->head.picture = bt_reader_vlq(&r);
    if (r.overrun)
        return BAUTA_ERR_FORMAT;
    memcpy(m->head.stream_tag, tag.data, BT_STREAM_TAG);
    memcpy(m->head.slices_hash, hash.data, BT_SLICES_HASH);
    enum bauta_status status = parse_plan(&m->head.plan, &r, version == BT_WIRE_VERSION_WIDE);
    if (status)
        return status;
    m->head_bytes = (struct bauta_bytes){bytes.data, (size_t)(r.at - bytes.data)};
    for (int i = 0; i < m->head.plan.n_regions; i++)
        m->capsules[i] = bt_reader_take(&r, bt_reader_vlq(&r));
    return r.overrun || bt_reader_left(&r) ? BAUTA_ERR_FORMAT : BAUTA_OK;
}
