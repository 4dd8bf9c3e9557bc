/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_REPEATED_SETS_H
#define BT_REPEATED_SETS_H

#include "demux/ffmpeg.h"

/*
 * FFmpeg's hevc_mp4toannexb (5.1) puts the container's parameter sets right before every random
 * access slice, so behind those that the packet itself holds: where these are others, as after a
 * change of size, they do not count any more. Takes the container's out of such a packet; `sets`
 * are those of the filter's output.
 */
void bt_repeated_sets_drop(AVPacket *packet, const AVCodecParameters *sets);

#endif
