/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TAGS_H
#define BT_TAGS_H

#include "demux/ffmpeg.h"

/* What a file says of itself. Tags that name nobody are times, time code, and language. */

/* When the recording says that it began, milliseconds since 1970-01-01; 0: not told. */
uint64_t bt_tags_began_ms(const AVFormatContext *format);

/* Whether a tag names nobody, or tells nothing but which program wrote the file. */
bool bt_tags_is_kept(const char *name);
bool bt_tags_is_technical(const AVDictionaryEntry *tag);

/* The time code that the file tells, of `video` first; NULL: none. */
const char *bt_tags_timecode(const AVFormatContext *from, const AVStream *video);

#endif
