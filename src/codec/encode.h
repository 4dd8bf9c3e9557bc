/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_ENCODE_H
#define BT_ENCODE_H

#include <bauta/view.h>

#include "base/privacy.h"
#include "demux/demux.h"

/* Encodes pictures into access units, by libx264, libx265 or another encoder of libavcodec. One
 * thread at a time. */
struct bt_encode;

struct bt_encode_settings {
    enum bauta_codec codec;
    int width, height;
    double crf; /* constant rate factor; negative: the encoder's default (23, H.265 28) */
    bool lossless;
    const char *preset;
    const char *encoder; /* libavcodec's name for another one than libx264 or libx265; crf, lossless
                            and preset are for those two. NULL: one of them */
    const char *options; /* more for the encoder: "name=value,name=value"; or NULL */
    double gop_s;  /* seconds from one random access to the next, if they are regular; 0: unknown */
    int n_threads; /* output depends on it, so it is never "as many as there are" */
    bool full_range;
    struct bauta_view view; /* how what is made is shown; only the pixels' shape is told here */
    const struct bt_demux *like; /* time base, frame rate and colours */
    const char *name;            /* of the output, for sentences */
    const struct bauta_log *log;
};

/* One coded picture: Annex B, with parameter sets where decoding can begin. */
struct bt_coded {
    struct bauta_bytes bytes; /* the encoder's memory, good until its next call */
    int64_t pts, dts;         /* in ticks of the time base of `like` */
    bool key;
};

BAUTA_MUST_CHECK enum bauta_status bt_encode_new(struct bt_encode **encode,
                                                 const struct bt_encode_settings *settings);
void bt_encode_free(struct bt_encode **encode);

/* Two doors, so that a clear picture finds none. With `random_access` the picture becomes an IDR
 * picture, unless `options` want another kind; no other does, as long as GOPs are no longer than
 * announced. */
BAUTA_MUST_CHECK enum bauta_status bt_encode_push_masked(struct bt_encode *encode,
                                                         const struct bt_masked *picture,
                                                         int64_t pts, bool random_access);
BAUTA_MUST_CHECK enum bauta_status bt_encode_push_revealed(struct bt_encode *encode,
                                                           const struct bt_revealed *picture,
                                                           int64_t pts, bool random_access);
/* No more pictures come; take what is left. */
BAUTA_MUST_CHECK enum bauta_status bt_encode_drain(struct bt_encode *encode);
/* The next access unit, in decoding order; `*some` is false when there is none yet, or no more. */
BAUTA_MUST_CHECK enum bauta_status bt_encode_pull(struct bt_encode *encode, struct bt_coded *coded,
                                                  bool *some);

#endif
