/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DEMUX_PRIVATE_H
#define BT_DEMUX_PRIVATE_H

#include "media/demux.h"
#include "media/ffmpeg.h"

struct bt_demux {
    char *path;
    AVFormatContext *format;
    AVStream *video;
    AVBSFContext *to_annexb; /* NULL for codecs other than H.264 and H.265 */
    int64_t n_units;
    int64_t video_start; /* time stamp of the first video packet, AV_NOPTS_VALUE before */
    int64_t last_end;    /* of the video packets' times, in ticks */
    bool truncated;
    const struct bauta_log *log;
};

struct bt_packet {
    AVPacket *av; /* with the time stamps of the container, in `tick` */
    AVRational tick;
    int stream; /* index in the container */
    bool video;
    int64_t unit;
    double seconds;
};

#endif
