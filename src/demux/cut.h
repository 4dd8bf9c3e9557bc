/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_CUT_H
#define BT_CUT_H

#include <stdbool.h>

#include "demux/ffmpeg.h"

/*
 * Whether a file ends inside of one of its pieces, which FFmpeg (5.1) passes over without a word.
 * Where it ends between two, or where other bytes than the container's stand behind the last, as
 * some recorders leave them, the answer is no. The file is seekable; it is left anywhere.
 */

/* MP4 and MOV of fragments: inside of a box that belongs to one. */
bool bt_cut_mp4(AVIOContext *file);
/* Matroska: before its segment ends; or, from the cluster (or the first byte of all) at `from` on,
 * inside of a cluster or block. Where sizes are not told, as in what is recorded live, nothing else
 * says that something is missing. */
bool bt_cut_matroska(AVIOContext *file, int64_t from);

#endif
