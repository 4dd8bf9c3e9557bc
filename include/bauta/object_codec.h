/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_OBJECT_CODEC_H
#define BAUTA_OBJECT_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/bytes.h>
#include <bauta/codec.h>
#include <bauta/picture.h>
#include <bauta/status.h>

/*
 * How the hidden content of one target, a small video of its own, is compressed. The library brings
 * one over libavcodec; a camera may bring one over its own hardware. An encoder gives exactly one
 * unit for each picture, at once and in the same order (no reordering, no delay). A unit with `key`
 * set can be decoded without any before it and carries its parameter sets. Units are Annex B byte
 * streams without SEI. Each instance is used by one thread at a time.
 */
struct bauta_object_codec {
    const char *name;
    enum bauta_codec id; /* of what it encodes */
    int least_side; /* of a picture that it encodes well, in pixels; a writer gives it no smaller
                  one unless the whole picture is smaller */

    /* Opens an encoder for pictures of exactly `width` x `height` (even). */
    enum bauta_status (*encoder_new)(void **encoder, const struct bauta_object_codec *codec,
                                     int width, int height);
    /* Encodes a picture; `*unit` is the encoder's memory, good until its next call. With `key`
     * the unit must be a key unit. */
    enum bauta_status (*encode)(void *encoder, struct bauta_bytes *unit,
                                const struct bauta_picture *picture, bool key);
    void (*encoder_free)(void **encoder);

    /* Opens a decoder for streams of codec `id`, which need not be the one that is encoded.
     * BAUTA_ERR_UNSUPPORTED: it has none. */
    enum bauta_status (*decoder_new)(void **decoder, const struct bauta_object_codec *codec,
                                     enum bauta_codec id);
    /* Decodes one unit into `*picture`, the decoder's memory, good until its next call. */
    enum bauta_status (*decode)(void *decoder, struct bauta_picture *picture,
                                struct bauta_bytes unit);
    void (*decoder_free)(void **decoder);
    /* Tells a new decoder how large its pictures are: a unit whose headers say more is refused
     * before it is decoded. NULL: what is decoded is compared, and refused then. */
    void (*decoder_limit)(void *decoder, int width, int height);

    /* Settings of the built-in codec's encoder; others may ignore them. */
    int qp;                              /* quantiser of every unit, 1 to 51; 0: lossless */
    const char *preset;                  /* x264 or x265 preset name */
    bool full_range;                     /* samples use 0 to 255, not 16 to 235 */
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

/*
 * The codec over libavcodec, which encodes `format` by libx264 or libx265 and decodes both: fills
 * `*codec` with the functions and defaults (qp 27, preset "fast"); change `qp`, `preset` and
 * `full_range` before first use.
 */
BAUTA_API void bauta_object_codec_init(struct bauta_object_codec *codec, enum bauta_codec format);

#endif
