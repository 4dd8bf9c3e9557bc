/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_VIEW_H
#define BAUTA_VIEW_H

#include <stdbool.h>

#include <bauta/bytes.h>
#include <bauta/codec.h>
#include <bauta/status.h>

/*
 * How a player shows stored pictures. Detectors see people as a player shows them, upright and in
 * square pixels; what is hidden, and every rectangle that goes in or out, is in stored pixels.
 * All zero: as they are stored.
 */
struct bauta_view {
    int turn;      /* degrees clockwise by which a player turns the picture: 0, 90, 180 or 270 */
    bool mirrored; /* left to right, before it is turned */
    /* The shape of a stored pixel, width to height, as 2 and 1 of a picture with half the columns;
     * 0 and 0: square. What no picture has (one side 16 times the other) counts as square. */
    int pixel_width, pixel_height;
};

/* Whether the numbers are such as stand above. */
BAUTA_API bool bauta_view_is_sound(const struct bauta_view *view);
/* Whether both show pictures in the same way. */
BAUTA_API bool bauta_view_equals(const struct bauta_view *a, const struct bauta_view *b);
/* What comes of showing by `first` and turning (or mirroring) what is seen by `then`. The pixels'
 * shape is that of `then` if it has one, as stored, or else that of `first`. */
BAUTA_API struct bauta_view bauta_view_add(const struct bauta_view *first,
                                           const struct bauta_view *then);

/*
 * What an access unit says by a display orientation message (SEI payload type 47, H.264 D.2.27,
 * H.265 D.3.17) of the turn of its picture and those after it, to the nearest quarter; a cancelled
 * one says upright. `*exact` (or NULL): whether it is a quarter, within a degree. False: it says
 * nothing, and `*view` and `*exact` stay. `configuration`: the stream's avcC or hvcC record, where
 * each NAL unit stands behind its size (ISO/IEC 14496-15, 5.3.3.1, 8.3.3.1); anything else, or
 * nothing: an Annex B byte stream.
 */
BAUTA_API bool bauta_view_read(struct bauta_view *view, bool *exact, enum bauta_codec codec,
                               struct bauta_bytes configuration, struct bauta_bytes unit);
/* Whether what messages said holds no longer with this unit, unless it brings one itself, or the
 * unit behind it, where some tools put it: it begins a coded video sequence of H.264. In H.265
 * messages hold until the next one, as FFmpeg and mpv show such streams. */
BAUTA_API bool bauta_view_ends(enum bauta_codec codec, struct bauta_bytes configuration,
                               struct bauta_bytes unit);

#endif
