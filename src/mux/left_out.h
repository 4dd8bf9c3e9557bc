/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_LEFT_OUT_H
#define BT_LEFT_OUT_H

#include "mux/mux.h"
#include "demux/ffmpeg.h"

/* Says in one line what of the input will not be in `out`, beside sound: other video tracks, cover
 * pictures, subtitles, data, attachments, tags, chapters or their titles, what a stream of another
 * encoder does not tell of the screen that it was made for. */
void bt_left_out_say(const AVFormatContext *out, const struct bt_mux_settings *settings);

#endif
