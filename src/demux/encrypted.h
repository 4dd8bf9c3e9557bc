/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_ENCRYPTED_H
#define BT_ENCRYPTED_H

#include "demux/ffmpeg.h"

/* Whether a packet of a stream is encrypted (Common Encryption, ISO/IEC 23001-7; Matroska
 * ContentEncryption): FFmpeg hands it on as it is, and decoders make noise of it. */
bool bt_encrypted(const AVFormatContext *format, const AVStream *stream, const AVPacket *packet);

#endif
