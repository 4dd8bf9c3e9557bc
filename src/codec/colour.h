/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_COLOUR_H
#define BT_COLOUR_H

#include "demux/ffmpeg.h"

/* What a stream tells of its colours: their system, and the screen they were made for (HDR). */

/* Notes with the stream what a picture of it tells of the screen, where the stream tells none. */
BAUTA_MUST_CHECK enum bauta_status bt_colour_note(AVStream *stream, const AVFrame *picture);
/* Whether it tells of the screen. */
bool bt_colour_tells_screen(const AVStream *stream);
/* Copies it to the stream of an output. */
BAUTA_MUST_CHECK enum bauta_status bt_colour_copy(AVStream *to, const AVStream *from);
/* The same for x264 or x265, as parameters that follow others; may be empty. */
void bt_colour_print(char *text, size_t size, const AVStream *from, bool x265);

/* Whether pictures are pairs of fields, and which of them is shown first. */
bool bt_colour_interlaced(const AVStream *stream);
bool bt_colour_top_first(const AVStream *stream);

#endif
