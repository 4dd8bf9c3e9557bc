/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_EDIT_LIST_H
#define BT_EDIT_LIST_H

#include "demux/ffmpeg.h"

/*
 * Whether the edit list of an MP4's track (ISO/IEC 14496-12, 8.6.6) does more than to say when its
 * one piece begins: it shows pieces, holds a picture, pauses, or plays at another speed. False if
 * the file cannot be read from anywhere. The place in the file is another one afterwards.
 */
bool bt_edit_list_edits(AVIOContext *file, uint32_t track_id);

#endif
