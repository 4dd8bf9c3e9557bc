/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/record.h"

#include "base/limits.h"
#include "base/reader.h"
#include "base/rect.h"
#include "bitstream/nal.h"

enum { FLAG_KEY = 1 };

void bt_record_write(struct bt_record *record, const struct bt_record_head *head,
                     struct bauta_rect region, struct bauta_bytes unit)
{
    struct bt_buffer *out = &record->bytes;
    bt_buffer_put_u8(out, head->key ? FLAG_KEY : 0);
    bt_buffer_put_vlq(out, head->sequence);
    bt_buffer_put_vlq(out, (uint32_t)(region.x - head->window.x) / 2);
    bt_buffer_put_vlq(out, (uint32_t)(region.y - head->window.y) / 2);
    if (head->key) {
        bt_buffer_put_vlq(out, (uint32_t)head->window.w / 2);
        bt_buffer_put_vlq(out, (uint32_t)head->window.h / 2);
    }
    bt_nal_pack(out, unit);
}

static int read_even(struct bt_reader *r)
{
    uint32_t value = bt_reader_vlq(r);
    if (value > BT_MAX_SIDE / 2)
        r->overrun = true;
    return r->overrun ? 0 : (int)value * 2;
}

enum bauta_status bt_record_parse(struct bt_record_head *head, struct bt_buffer *unit,
                                  const struct bt_record *record, struct bauta_rect region)
{
    *head = (struct bt_record_head){0};
    struct bt_reader r;
    bt_reader_init(&r, bt_buffer_view(&record->bytes));
    uint8_t flags = bt_reader_u8(&r);
    head->key = flags & FLAG_KEY;
    head->sequence = bt_reader_vlq(&r);
    head->window.x = region.x - read_even(&r);
    head->window.y = region.y - read_even(&r);
    if (head->key) {
        head->window.w = read_even(&r);
        head->window.h = read_even(&r);
    }
    if (r.overrun || flags & ~FLAG_KEY || head->window.x < 0 || head->window.y < 0)
        return BAUTA_ERR_FORMAT;
    if (head->key && (head->sequence != 0 || !bt_rect_contains(head->window, region)))
        return BAUTA_ERR_FORMAT;
    return bt_nal_unpack(unit, bt_reader_take(&r, bt_reader_left(&r)));
}

void bt_record_clear(struct bt_record *record)
{
    bt_buffer_wipe(&record->bytes);
}
