/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/repeated_sets.h"

#include <string.h>

enum { SPS = 33 }; /* nal_unit_type (H.265 table 7-1) */

static bool holds_sps(const uint8_t *from, size_t size)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, (struct bauta_bytes){from, size});
    while (bt_nal_next(&r, &nal))
        if (nal.size > 2 && (nal.data[0] >> 1 & 63) == SPS)
            return true;
    return false;
}

void bt_repeated_sets_drop(AVPacket *packet, const AVCodecParameters *sets)
{
    size_t size = (size_t)packet->size, n = (size_t)sets->extradata_size;
    if (sets->codec_id != AV_CODEC_ID_HEVC || n == 0 || n >= size)
        return;
    for (size_t at = 1; at + n <= size; at++) {
        if (packet->data[at] != 0 || memcmp(packet->data + at, sets->extradata, n) != 0)
            continue;
        if (!holds_sps(packet->data, at) || av_packet_make_writable(packet) < 0)
            return;
        memmove(packet->data + at, packet->data + at + n, size - at - n);
        av_shrink_packet(packet, packet->size - (int)n);
        return;
    }
}
