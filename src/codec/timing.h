/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TIMING_H
#define BT_TIMING_H

#include "base/buffer.h"
#include "demux/ffmpeg.h"

/*
 * The clock that a coded stream tells of itself, in its parameter sets (H.264 E.2.1, H.265 E.3.1):
 * encoders write the unit of our time stamps there, which is 1/10240 s or the like, and a raw
 * stream is then played as so many pictures a second. That the rate is fixed is not claimed.
 * Start from `{0}`.
 */
struct bt_timing {
    enum bauta_codec codec;
    AVRational rate;              /* pictures per second; 0/1: not known, and nothing is changed */
    struct bt_buffer plain, told; /* the parameter sets that came last, and what became of them */
    struct bt_buffer unit;
};

/* Sets the clock from what a stream of the input tells. */
void bt_timing_init(struct bt_timing *timing, enum bauta_codec codec, AVFormatContext *format,
                    AVStream *like);
void bt_timing_clear(struct bt_timing *timing);

/* `*unit` (Annex B) with the clock in its parameter sets: unchanged if it has none or they cannot
 * be read, else memory that is good until the next call. Slices stay as they are. */
BAUTA_MUST_CHECK enum bauta_status bt_timing_tell(struct bt_timing *timing,
                                                  struct bauta_bytes *unit);

#endif
