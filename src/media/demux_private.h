/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DEMUX_PRIVATE_H
#define BT_DEMUX_PRIVATE_H

#include "media/demux.h"
#include "media/ffmpeg.h"
#include "media/sound.h"
#include "media/timeline.h"

enum { BT_DEMUX_NEVER = -1000000 };

struct bt_demux {
    char *path;
    AVFormatContext *format;
    int (*open)(AVFormatContext *, AVIOContext **, const char *, int, AVDictionary **);
    bool opened, names_others; /* the one file that it may open; it wanted to open another */
    int n_streams;             /* that were known at the start */
    int n_video_tracks;
    AVStream *video;
    AVBSFContext *to_annexb; /* NULL for codecs other than H.264 and H.265 */
    AVPacket *early;         /* units without a picture, which belong to the next one; or NULL */
    struct bt_timeline timeline;
    struct bt_sounds sounds;
    int64_t zero_us; /* the file's time that is 0 here */
    int64_t n_units;
    int64_t n_delivered;   /* packets of the video, whatever they were worth */
    int64_t last_shown_us; /* of the video, the latest so far, on the file's clock */
    int64_t last_pos;      /* in the file, of the video; where the container tells */
    int64_t last_end_us;   /* of all packets, on the file's clock */
    uint64_t n_hidden, n_jumps, n_stood, n_stray, n_unreadable;
    int64_t n_read;     /* packets of any track */
    int64_t damaged_at; /* the last of them that the container calls damaged, or NEVER */
    int64_t jumped_at;  /* the last at which the clock jumped, or NEVER */
    bool truncated, goes_on_elsewhere;
    const struct bauta_log *log;
};

struct bt_packet {
    AVPacket *av; /* with times that the time line has placed, in `tick` */
    AVRational tick;
    int stream; /* index in the container */
    bool video, hidden;
    int64_t unit;
    double seconds;
};

bool bt_demux_is_mov(const struct bt_demux *demux);
/* Makes the filter to Annex B anew, for headers that may differ from the stream's own; after a
 * failure the old one stays. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_open_filter(struct bt_demux *demux,
                                                        const AVCodecParameters *parameters);

#endif
