/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/object_avcodec.h"

/* x265 3.5 with smaller pictures now and then predicts from outside of what it padded, and the
 * decoder sees another picture than it did (tests/codec/object_codec). */
enum { LEAST_OF_X264 = 16, LEAST_OF_X265 = 64 };

void bauta_object_codec_init(struct bauta_object_codec *codec, enum bauta_codec format)
{
    *codec = (struct bauta_object_codec){.name = format == BAUTA_CODEC_H265 ? "h265" : "h264",
                                         .id = format,
                                         .least_side = format == BAUTA_CODEC_H265 ? LEAST_OF_X265
                                                                                  : LEAST_OF_X264,
                                         .encoder_new = bt_object_encoder_new,
                                         .encode = bt_object_encode,
                                         .encoder_free = bt_object_encoder_free,
                                         .decoder_new = bt_object_decoder_new,
                                         .decode = bt_object_decode,
                                         .decoder_free = bt_object_decoder_free,
                                         .decoder_limit = bt_object_decoder_limit,
                                         .qp = 27,
                                         .preset = "fast"};
}
