/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include "bitstream/nal.h"
#include "bitstream/sei.h"

/* Law: whatever the bytes are, NAL units and SEI messages lie inside them; and the same bytes,
 * written as an SEI message, come back. */
static const uint8_t uuid[BT_SEI_UUID_SIZE] = {1, 2,  3,  4,  5,  6,  7,  8,
                                               9, 10, 11, 12, 13, 14, 15, 16};

static void read_all(enum bauta_codec codec, struct bauta_bytes bytes)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal, body;
    bt_nal_reader_init(&r, bytes);
    while (bt_nal_next(&r, &nal)) {
        struct bt_buffer plain = {0};
        struct bt_sei_reader messages;
        LAW(nal.size > 0 && nal.data >= bytes.data &&
            nal.data + nal.size <= bytes.data + bytes.size);
        bt_nal_unescape(&plain, nal);
        LAW(plain.size <= nal.size);
        bt_sei_reader_init(&messages, codec, bt_buffer_view(&plain));
        while (bt_sei_next(&messages, &body, uuid))
            LAW(body.data + body.size <= plain.data + plain.size);
        bt_buffer_clear(&plain);
    }
}

static void write_and_read(enum bauta_codec codec, struct bauta_bytes body)
{
    struct bt_buffer stream = {0}, plain = {0};
    struct bt_nal_reader r;
    struct bt_sei_reader messages;
    struct bauta_bytes nal, back;
    bt_sei_write(&stream, codec, uuid, body, (struct bauta_bytes){NULL, 0});
    bt_nal_reader_init(&r, bt_buffer_view(&stream));
    LAW(bt_nal_next(&r, &nal) && bt_nal_kind(codec, nal) == BT_NAL_SEI);
    bt_nal_unescape(&plain, nal);
    bt_sei_reader_init(&messages, codec, bt_buffer_view(&plain));
    LAW(bt_sei_next(&messages, &back, uuid));
    LAW(back.size == body.size && (!body.size || memcmp(back.data, body.data, body.size) == 0));
    LAW(!bt_nal_next(&r, &nal));
    bt_buffer_clear(&stream);
    bt_buffer_clear(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bauta_bytes bytes = {data, size};
    struct bt_buffer unpacked = {0};
    for (enum bauta_codec codec = BAUTA_CODEC_H264; codec <= BAUTA_CODEC_H265; codec++) {
        read_all(codec, bytes);
        write_and_read(codec, bytes);
    }
    if (!bt_nal_unpack(&unpacked, bytes))
        LAW(unpacked.size > 0);
    bt_buffer_clear(&unpacked);
    return 0;
}
