/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_OBJECT_AVCODEC_H
#define BT_OBJECT_AVCODEC_H

#include <bauta/object_codec.h>

/* The functions of the built-in object codec; object_codec.h says what each does. */

enum bauta_status bt_object_encoder_new(void **encoder, const struct bauta_object_codec *codec,
                                        int width, int height);
enum bauta_status bt_object_encode(void *encoder, struct bauta_bytes *unit,
                                   const struct bauta_picture *picture, bool key);
void bt_object_encoder_free(void **encoder);

enum bauta_status bt_object_decoder_new(void **decoder, const struct bauta_object_codec *codec,
                                        enum bauta_codec id);
enum bauta_status bt_object_decode(void *decoder, struct bauta_picture *picture,
                                   struct bauta_bytes unit);
void bt_object_decoder_free(void **decoder);
void bt_object_decoder_limit(void *decoder, int width, int height);

#endif
