/* SPDX-License-Identifier: Apache-2.0 */
#include "protect/encoder_pool.h"

#include <string.h>

/* Takes item `index` out of the pool. */
static void *remove_item(struct bt_encoder_pool *pool, int index)
{
    void *encoder = pool->items[index].encoder;
    pool->n_pixels -= (int64_t)pool->items[index].width * pool->items[index].height;
    pool->n_items--;
    memmove(&pool->items[index], &pool->items[index + 1],
            (size_t)(pool->n_items - index) * sizeof(pool->items[0]));
    return encoder;
}

enum bauta_status bt_encoder_pool_take(struct bt_encoder_pool *pool,
                                       const struct bauta_object_codec *codec, void **encoder,
                                       int width, int height)
{
    for (int i = pool->n_items - 1; i >= 0; i--)
        if (pool->items[i].width == width && pool->items[i].height == height) {
            *encoder = remove_item(pool, i);
            return BAUTA_OK;
        }
    return codec->encoder_new(encoder, codec, width, height);
}

void bt_encoder_pool_give(struct bt_encoder_pool *pool, const struct bauta_object_codec *codec,
                          void **encoder, int width, int height)
{
    int64_t n_pixels = (int64_t)width * height;
    while (pool->n_items == BT_POOLED_ENCODERS ||
           (pool->n_items > 0 && pool->n_pixels + n_pixels > BT_POOLED_PIXELS)) {
        void *oldest = remove_item(pool, 0);
        codec->encoder_free(&oldest);
    }
    pool->n_pixels += n_pixels;
    pool->items[pool->n_items++] = (struct bt_pooled_encoder){*encoder, width, height};
    *encoder = NULL;
}

void bt_encoder_pool_clear(struct bt_encoder_pool *pool, const struct bauta_object_codec *codec)
{
    while (pool->n_items > 0) {
        void *encoder = remove_item(pool, 0);
        codec->encoder_free(&encoder);
    }
}
