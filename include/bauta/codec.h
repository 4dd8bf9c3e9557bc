/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_CODEC_H
#define BAUTA_CODEC_H

/* Formats of coded video: of a stream that carries hidden objects, and of these objects. */
enum bauta_codec {
    BAUTA_CODEC_OTHER, /* none of these: nothing can be hidden in it */
    BAUTA_CODEC_H264,  /* ITU-T H.264, AVC */
    BAUTA_CODEC_H265   /* ITU-T H.265, HEVC */
};

#endif
