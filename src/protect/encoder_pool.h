/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_ENCODER_POOL_H
#define BT_ENCODER_POOL_H

#include <bauta/object_codec.h>

/* How many may wait, and of how many pixels together: an encoder takes some 30 bytes a pixel. */
enum { BT_POOLED_ENCODERS = 32, BT_POOLED_PIXELS = 2 << 20 };

/* Object encoders whose target has left or whose window has grown, kept for the next window of
 * their size: to open one takes longer than to code a picture with it. Their first unit in a new
 * place must be a key unit. Starts from `{0}`. */
struct bt_encoder_pool {
    struct bt_pooled_encoder {
        void *encoder;
        int width, height;
    } items[BT_POOLED_ENCODERS]; /* the one that waits longest first */
    int n_items;
    int64_t n_pixels; /* of all that wait */
};

/* An encoder for pictures of this size, one that waits or a new one. */
BAUTA_MUST_CHECK enum bauta_status bt_encoder_pool_take(struct bt_encoder_pool *pool,
                                                        const struct bauta_object_codec *codec,
                                                        void **encoder, int width, int height);
/* Takes over `*encoder` and sets it NULL; where there is no room those that wait longest are
 * closed. */
void bt_encoder_pool_give(struct bt_encoder_pool *pool, const struct bauta_object_codec *codec,
                          void **encoder, int width, int height);
void bt_encoder_pool_clear(struct bt_encoder_pool *pool, const struct bauta_object_codec *codec);

#endif
