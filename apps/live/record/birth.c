/* SPDX-License-Identifier: Apache-2.0 */
#include "birth.h"

#include <string.h>

static const gint64 since_1904_s = 2082844800; /* from ISO/IEC 14496-12's epoch to 1970 */

static guint64 read_be(const guchar *bytes, int n)
{
    guint64 value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    return value;
}

static void write_be(guchar *bytes, int n, guint64 value)
{
    for (int i = n - 1; i >= 0; i--, value >>= 8)
        bytes[i] = (guchar)value;
}

/* A box: u32 size, 4 bytes type, content. */
struct box {
    guchar *content;
    gsize size; /* of the content */
    char type[5];
};

/* The box that `bytes` begin with; false: it is not whole, or one of those with long sizes. */
static bool open_box(struct box *box, guchar *bytes, gsize size)
{
    const guint64 length = size >= 8 ? read_be(bytes, 4) : 0;
    if (length < 8 || length > size)
        return false;
    *box = (struct box){.content = bytes + 8, .size = (gsize)length - 8};
    memcpy(box->type, bytes + 4, 4);
    return true;
}

static bool is_one_of(const struct box *box, const char *types)
{
    return strstr(types, box->type) && strlen(box->type) == 4;
}

/* mvhd, tkhd, mdhd: u8 version, u24 flags, then creation and modification time, u32 each, or u64 in
 * version 1. */
static void stamp_header(const struct box *box, guint64 seconds)
{
    const int n = box->size && box->content[0] == 1 ? 8 : 4;
    if (box->size < 4 + 2 * (gsize)n)
        return;
    write_be(box->content + 4, n, seconds);
    write_be(box->content + 4 + n, n, seconds);
}

/* Headers are in boxes within boxes: moov, trak, mdia. */
static void stamp_within(const struct box *outer, guint64 seconds)
{
    struct box box;
    for (gsize at = 0; open_box(&box, outer->content + at, outer->size - at); at += box.size + 8) {
        if (is_one_of(&box, "mvhd tkhd mdhd"))
            stamp_header(&box, seconds);
        else if (is_one_of(&box, "trak mdia"))
            stamp_within(&box, seconds);
    }
}

bool birth_stamp(guchar *bytes, gsize size, gint64 wall_us)
{
    struct box box;
    if (!open_box(&box, bytes, size) || !is_one_of(&box, "moov"))
        return false;
    stamp_within(&box, (guint64)(wall_us / G_USEC_PER_SEC + since_1904_s));
    return true;
}
