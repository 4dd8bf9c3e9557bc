/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DECODE_H
#define BT_DECODE_H

#include <bauta/view.h>

#include "base/frame.h"
#include "base/privacy.h"
#include "demux/demux.h"

/* Decodes the video of a demuxer into 8-bit 4:2:0 pictures of even size. What only the first of
 * them tells of its colours is noted with the demuxer's stream. One thread at a time. */
struct bt_decode;

/* A decoded picture. */
struct bt_decoded {
    struct bt_frame frame;  /* owned: bt_decoded_clear() */
    int64_t unit;           /* of the packet that it came in */
    int64_t pts;            /* in the demuxer's ticks, larger than that of the picture before */
    double seconds;         /* the same, on the demuxer's clock */
    struct bauta_view view; /* how the file says that it is shown */
};

/* Where pictures go on in another size. */
struct bt_size_change {
    int from_w, from_h, to_w, to_h;
    struct bauta_view view; /* of the first of the other size */
    int64_t pts;            /* of the first of the other size */
    double seconds;
};

/* `n_threads`: 0 for as many as there are processors. Pictures of other formats are converted: 10
 * bits to 8, 4:2:2 and 4:4:4 to 4:2:0, by libswscale; an odd last column or row is repeated to make
 * the size even. The sample range and the colour matrix stay; pictures that come with others later
 * are converted to the first, which is said once. BAUTA_ERR_UNSUPPORTED: no decoder for this codec.
 * The demuxer must outlive the decoder. */
BAUTA_MUST_CHECK enum bauta_status bt_decode_new(struct bt_decode **decode,
                                                 const struct bt_demux *demux, int n_threads);
void bt_decode_free(struct bt_decode **decode);

/* The size that pictures have, until they change it. */
void bt_decode_size(const struct bt_decode *decode, int *width, int *height);
/* Say once, as information, what is lost when the pictures become 8-bit 4:2:0 of even size. */
void bt_decode_tell_losses(struct bt_decode *decode);
/* Whether that was something: more bits or chroma than are kept, or another sample range. */
bool bt_decode_reduced(const struct bt_decode *decode);

/* Gives a video packet, NULL at the end; then take pictures until there are none. A packet that
 * does not decode is counted, not an error. */
BAUTA_MUST_CHECK enum bauta_status bt_decode_push(struct bt_decode *decode,
                                                  const struct bt_packet *packet);
/* The next picture in presentation order; `*some` is false when another packet is needed, or the
 * end is reached, or when the next picture has another size: bt_decode_size_change() tells. */
BAUTA_MUST_CHECK enum bauta_status bt_decode_pull(struct bt_decode *decode,
                                                  struct bt_decoded *decoded, bool *some);
/* True if the next picture has another size than those before. Then nothing may be pushed, and
 * nothing comes, until it is decided: */
bool bt_decode_size_change(const struct bt_decode *decode, struct bt_size_change *change);
/* to go on in that size, also for what bt_decode_size() tells; BAUTA_ERR_UNSUPPORTED, having said
 * so, if it is too small or too large; */
BAUTA_MUST_CHECK enum bauta_status bt_decode_take_size(struct bt_decode *decode);
/* or to bring it, and all others that come, to the size that there was (codec/fit.h). */
void bt_decode_fit_sizes(struct bt_decode *decode);
/* Pictures that did not come out, complete once the end is reached: because they could not be
 * decoded, */
uint64_t bt_decode_undecodable(const struct bt_decode *decode);
/* or because they are shown before the first that decoding can begin at: no player shows them. */
uint64_t bt_decode_unshown(const struct bt_decode *decode);
/* Samples use 0 to 255 rather than 16 to 235. */
bool bt_decode_full_range(const struct bt_decode *decode);

/* What a decoded picture is: of an unprotected source, clear; of a protected one, masked. */
void bt_decoded_view_clear(struct bt_clear *clear, const struct bt_decoded *decoded);
void bt_decoded_view_masked(struct bt_masked *masked, const struct bt_decoded *decoded);
void bt_decoded_clear(struct bt_decoded *decoded); /* frees */

#endif
