/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DECODE_H
#define BT_DECODE_H

#include <bauta/view.h>

#include "base/frame.h"
#include "base/privacy.h"
#include "media/demux.h"

/* Decodes the video of a demuxer into 8-bit 4:2:0 pictures of even size. One thread at a time. */
struct bt_decode;

/* A decoded picture. */
struct bt_decoded {
    struct bt_frame frame;  /* owned: bt_decoded_clear() */
    int64_t unit;           /* of the packet that it came in */
    int64_t pts;            /* in the demuxer's ticks, larger than that of the picture before */
    double seconds;         /* the same, on the demuxer's clock */
    struct bauta_view view; /* how the file says that it is shown */
};

/* `n_threads`: 0 for as many as there are processors. Pictures of other formats are converted: 10
 * bits to 8, 4:2:2 and 4:4:4 to 4:2:0, by libswscale; the sample range stays; an odd last column or
 * row is repeated to make the size even. BAUTA_ERR_UNSUPPORTED: no decoder for this codec. The
 * demuxer must outlive the decoder. */
BAUTA_MUST_CHECK enum bauta_status bt_decode_new(struct bt_decode **decode,
                                                 const struct bt_demux *demux, int n_threads);
void bt_decode_free(struct bt_decode **decode);

/* The size that all pictures have. */
void bt_decode_size(const struct bt_decode *decode, int *width, int *height);

/* Gives a video packet, NULL at the end; then take pictures until there are none. A packet that
 * does not decode is counted, not an error. */
BAUTA_MUST_CHECK enum bauta_status bt_decode_push(struct bt_decode *decode,
                                                  const struct bt_packet *packet);
/* The next picture in presentation order; `*some` is false when another packet is needed, or the
 * end is reached. BAUTA_ERR_UNSUPPORTED if the pictures change their size. */
BAUTA_MUST_CHECK enum bauta_status bt_decode_pull(struct bt_decode *decode,
                                                  struct bt_decoded *decoded, bool *some);
/* Packets that did not decode so far. */
uint64_t bt_decode_errors(const struct bt_decode *decode);
/* Pictures that never came out, once the end is reached: of those that did not decode, and of those
 * before the first that decoding can begin at, which no player shows. */
uint64_t bt_decode_lost(const struct bt_decode *decode);
/* Samples use 0 to 255 rather than 16 to 235. */
bool bt_decode_full_range(const struct bt_decode *decode);

/* What a decoded picture is: of an unprotected source, clear; of a protected one, masked. */
void bt_decoded_view_clear(struct bt_clear *clear, const struct bt_decoded *decoded);
void bt_decoded_view_masked(struct bt_masked *masked, const struct bt_decoded *decoded);
void bt_decoded_clear(struct bt_decoded *decoded); /* frees */

#endif
