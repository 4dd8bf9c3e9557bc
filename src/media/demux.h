/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DEMUX_H
#define BT_DEMUX_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/bytes.h>
#include <bauta/log.h>
#include <bauta/status.h>

/* Reads a media file, or standard input, packet by packet. One thread at a time. */
struct bt_demux;

/* One packet: a coded picture, or a piece of another stream. */
struct bt_packet;

/* What the container and the first headers say of the video. */
struct bt_video_info {
    int codec;              /* BT_H264, BT_H265 or 0 for another */
    int width, height;      /* of the pictures as coded, pixels */
    int rate_num, rate_den; /* pictures per second; 0/1 if not known */
    int tick_num, tick_den; /* the unit of time stamps, seconds */
    double duration_s;      /* negative if not known */
    uint64_t n_pictures;    /* 0 if not known */
    bool full_range;        /* as the container or the first headers say */
};

/* Opens `path` ("-": standard input) and finds its video stream. BAUTA_ERR_IO: cannot be read;
 * BAUTA_ERR_FORMAT: not a video; the log says which. `log` is borrowed for the demuxer's life. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_open(struct bt_demux **demux, const char *path,
                                                 const struct bauta_log *log);
void bt_demux_free(struct bt_demux **demux);
void bt_demux_video_info(const struct bt_demux *demux, struct bt_video_info *info);
const char *bt_demux_path(const struct bt_demux *demux);

/* The next packet of the video or of another stream that can be copied; the caller frees it.
 * `*packet` is NULL at the end, also at a fault in the file: bt_demux_truncated() tells. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_read(struct bt_demux *demux, struct bt_packet **packet);
/* Whether the file ended before its container says it should, or could not be read on. */
bool bt_demux_truncated(const struct bt_demux *demux);

bool bt_packet_is_video(const struct bt_packet *packet);
/* H.264 and H.265: one access unit as Annex B, whatever the container. */
struct bauta_bytes bt_packet_bytes(const struct bt_packet *packet);
/* Number of a video packet in the file, from 0: names the picture where time stamps cannot. */
int64_t bt_packet_unit(const struct bt_packet *packet);
/* When it is shown, seconds; of a packet without time stamps, as good as the frame rate tells. */
double bt_packet_seconds(const struct bt_packet *packet);
void bt_packet_free(struct bt_packet **packet);

#endif
