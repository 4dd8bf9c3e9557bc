/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SOUND_H
#define BT_SOUND_H

#include "demux/ffmpeg.h"

/*
 * Whether what a container calls sound, or a subtitle, is that. Where files were joined, or a track
 * gets another number on the way, demuxers hand on clear pictures under the number of a sound
 * track; copied, they would leave unmasked. Start from `{0}`.
 */
struct bt_sounds {
    struct bt_sound {
        AVCodecContext *decoder; /* NULL for codecs that take any bytes (PCM) */
        bool known, ended;       /* ended: pictures were met in it, and nothing of it is taken */
        int last_size;           /* of the packet before, bytes */
    } * items;
    int n_items;
    AVFrame *frame;
};

enum bt_sound_kind {
    BT_SOUND_GOOD,
    BT_SOUND_UNREADABLE, /* its decoder refuses it, or it may be video */
    BT_SOUND_PICTURES,   /* it is video, for the first time in this track */
    BT_SOUND_ENDED       /* the track is not taken any more */
};

/* What a packet of another stream than the video is. `unsure`: of a container that tells tracks by
 * their number alone, and whose clock jumped: it may be joined of several files, and what takes any
 * bytes is no longer believed to be sound. BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_sounds_judge(struct bt_sounds *sounds,
                                                   enum bt_sound_kind *kind, const AVStream *stream,
                                                   const AVPacket *packet, bool unsure);
void bt_sounds_clear(struct bt_sounds *sounds);

#endif
