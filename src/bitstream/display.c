/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/view.h>

#include <stdlib.h>

#include "base/reader.h"
#include "bitstream/sei.h"

enum { DISPLAY_ORIENTATION = 47, MESSAGE_SIZE = 3 };
enum { QUARTER = 0x4000, DEGREE = 0x10000 / 360 }; /* of a message's circle */

/*
 * display_orientation(payloadSize), H.264 D.1.27, H.265 D.2.17:
 *   display_orientation_cancel_flag u(1), hor_flip u(1), ver_flip u(1),
 *   anticlockwise_rotation u(16), in 1/65536 of a circle, after the flips; ...
 */
static bool read_message(struct bauta_view *view, bool *exact, struct bauta_bytes m)
{
    if (m.size == 0)
        return false;
    *view = (struct bauta_view){.turn = 0};
    *exact = true;
    if (m.data[0] & 0x80)
        return true;
    if (m.size < MESSAGE_SIZE)
        return false;
    bool across = m.data[0] & 0x40, down = m.data[0] & 0x20;
    unsigned bits = (unsigned)m.data[0] << 16 | (unsigned)m.data[1] << 8 | m.data[2];
    unsigned turn = (bits >> 5 & 0xffff) + QUARTER / 2, quarters = turn / QUARTER % 4;
    *exact = abs((int)(turn % QUARTER) - QUARTER / 2) <= DEGREE;
    view->mirrored = across != down;
    view->turn = (int)(4 - quarters + (down ? 2 : 0)) % 4 * 90;
    return true;
}

static bool read_unit(struct bauta_view *view, bool *exact, enum bauta_codec codec,
                      struct bauta_bytes nal)
{
    struct bt_buffer plain = {0};
    struct bt_sei_reader r;
    struct bauta_bytes message;
    struct bauta_view told;
    bool told_exact, found = false;
    bt_nal_unescape(&plain, nal);
    bt_sei_reader_init(&r, codec, bt_buffer_view(&plain));
    while (!plain.failed && bt_sei_next_of(&r, &message, DISPLAY_ORIENTATION))
        if (read_message(&told, &told_exact, message)) {
            *view = told;
            *exact = told_exact;
            found = true;
        }
    bt_buffer_clear(&plain);
    return found;
}

/* Of how many bytes the size before each unit is; 0: start codes. */
static int length_size_of(enum bauta_codec codec, struct bauta_bytes configuration)
{
    size_t at = codec == BAUTA_CODEC_H265 ? 21 : 4;
    bool sized = configuration.size > at && configuration.data[0] != 0;
    return sized ? (configuration.data[at] & 3) + 1 : 0;
}

/* Goes through the units of a byte stream, or of one with sizes. */
struct units {
    struct bt_nal_reader stream;
    struct bt_reader sized;
    int length_size;
};

static struct units units_of(enum bauta_codec codec, struct bauta_bytes configuration,
                             struct bauta_bytes unit)
{
    struct units u = {.length_size = length_size_of(codec, configuration)};
    bt_nal_reader_init(&u.stream, unit);
    bt_reader_init(&u.sized, unit);
    return u;
}

static bool next(struct units *u, struct bauta_bytes *nal)
{
    if (u->length_size == 0)
        return bt_nal_next(&u->stream, nal);
    size_t size = 0;
    for (int i = 0; i < u->length_size; i++)
        size = size << 8 | bt_reader_u8(&u->sized);
    *nal = bt_reader_take(&u->sized, size);
    return !u->sized.overrun;
}

bool bauta_view_read(struct bauta_view *view, bool *exact, enum bauta_codec codec,
                     struct bauta_bytes configuration, struct bauta_bytes unit)
{
    struct units units = units_of(codec, configuration, unit);
    struct bauta_bytes nal;
    bool ignored, found = false;
    while (next(&units, &nal))
        if (bt_nal_kind(codec, nal) == BT_NAL_SEI)
            found |= read_unit(view, exact ? exact : &ignored, codec, nal);
    return found;
}

bool bauta_view_ends(enum bauta_codec codec, struct bauta_bytes configuration,
                     struct bauta_bytes unit)
{
    struct units units = units_of(codec, configuration, unit);
    struct bauta_bytes nal;
    while (codec == BAUTA_CODEC_H264 && next(&units, &nal))
        if (bt_nal_random_access(BAUTA_CODEC_H264, nal))
            return true;
    return false;
}
