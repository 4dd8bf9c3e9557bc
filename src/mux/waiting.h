/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_WAITING_H
#define BT_WAITING_H

#include <stdbool.h>
#include <libavcodec/packet.h>

#include <bauta/status.h>

/*
 * Packets that wait for their turn in a file: those of all streams come out in the order of their
 * decoding times. FFmpeg's own queue does the same, but when a packet is refused it does not tell
 * whose it was, and it grows without bounds. Start from `{0}`.
 */
struct bt_waiting {
    struct bt_waiting_line {
        AVPacket **items;
        int first, n_items;
        size_t n_allocated;
        int64_t last_dts; /* of what was pushed, in `tick` */
        AVRational tick;
        /* Of what was written last, in ticks of the file; who writes keeps it. */
        int64_t written_dts;
        bool closed, sparse;
    } * lines;
    int n_lines;
    size_t size; /* bytes that wait */
};

enum {
    BT_WAITING_SIZE = 16 << 20, /* bytes; when more wait, nothing is waited for */
    BT_WAITING_SECONDS = 10     /* nor for a stream that is so late */
};

/* Makes room for so many streams. */
BAUTA_MUST_CHECK enum bauta_status bt_waiting_init(struct bt_waiting *waiting, int n_streams);
void bt_waiting_clear(struct bt_waiting *waiting);

/* Nobody waits for the next packet of this stream: subtitles. */
void bt_waiting_sparse(struct bt_waiting *waiting, int stream);
/* Takes a packet of stream `packet->stream_index` with its times in `packet->time_base`; one
 * without a decoding time gets one. */
BAUTA_MUST_CHECK enum bauta_status bt_waiting_push(struct bt_waiting *waiting, AVPacket *packet);
/* The next packet, the caller's now; NULL if one that comes before it may still arrive. With `all`,
 * nothing arrives any more. */
AVPacket *bt_waiting_take(struct bt_waiting *waiting, bool all);
/* Throws the oldest packets away while more than BT_WAITING_SIZE wait; gives how many. */
int bt_waiting_trim(struct bt_waiting *waiting);
/* Throws away what waits of this stream, and what comes of it. */
void bt_waiting_close(struct bt_waiting *waiting, int stream);

#endif
