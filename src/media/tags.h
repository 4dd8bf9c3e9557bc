/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TAGS_H
#define BT_TAGS_H

#include "media/ffmpeg.h"

struct bt_mux_settings;

/*
 * What a file says of itself. Kept are tags that name nobody: times, time code, language, what a
 * track is for. All others can name people and places, and are copied only with `keep_tags`.
 */

/* When the recording says that it began, milliseconds since 1970-01-01; 0: not told. */
uint64_t bt_tags_began_ms(const AVFormatContext *format);

/* Whether a tag is kept, or tells nothing but which program wrote the file. */
bool bt_tags_is_kept(const char *name);
bool bt_tags_is_technical(const AVDictionaryEntry *tag);

/* Whether the input tells a time code; and that, if the output can carry it, else NULL. */
bool bt_tags_has_timecode(const struct bt_mux_settings *settings);
const char *bt_tags_timecode(const AVFormatContext *out, const struct bt_mux_settings *settings);

/* Copies what is said of the whole file, with its chapters, and of the video. */
BAUTA_MUST_CHECK enum bauta_status bt_tags_copy(AVFormatContext *out, AVStream *video,
                                                const struct bt_mux_settings *settings);
/* Copies what is said of one track. */
void bt_tags_copy_stream(AVStream *to, const AVStream *from, bool all);

#endif
