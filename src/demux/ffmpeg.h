/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FFMPEG_H
#define BT_FFMPEG_H

/* What the files of this folder share of FFmpeg; no other folder includes this. */

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>

#include "base/log.h"
#include "bitstream/nal.h"

/* Says "SUBJECT: what: FFmpeg's words for `error`" and returns the status that fits the error:
 * BAUTA_ERR_MEMORY, _IO for what the system says of files, else `otherwise`. */
BAUTA_MUST_CHECK enum bauta_status bt_ffmpeg_fail(const struct bauta_log *log, int error,
                                                  enum bauta_status otherwise, const char *subject,
                                                  const char *what);

/* Keeps FFmpeg's own messages off the terminal; every fault is told by us, with the file's name. */
void bt_ffmpeg_quiet(void);

enum bauta_codec bt_ffmpeg_syntax(enum AVCodecID id);

#endif
