/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TAG_COPY_H
#define BT_TAG_COPY_H

#include "demux/ffmpeg.h"

struct bt_mux_settings;

/*
 * What a file says of itself, in the output, too. Kept are tags that name nobody: times, time code,
 * language, what a track is for. All others can name people and places, and are copied only with
 * `keep_tags`.
 */

/* The time code that the input tells, if the output can carry it, else NULL. */
const char *bt_tag_copy_timecode(const AVFormatContext *out,
                                 const struct bt_mux_settings *settings);

/* Copies what is said of the whole file, with its chapters, and of the video. */
BAUTA_MUST_CHECK enum bauta_status bt_tag_copy(AVFormatContext *out, AVStream *video,
                                               const struct bt_mux_settings *settings);
/* Copies what is said of one track. */
void bt_tag_copy_stream(AVStream *to, const AVStream *from, bool all);

#endif
