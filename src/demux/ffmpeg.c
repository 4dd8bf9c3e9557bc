/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/ffmpeg.h"

#include <errno.h>

enum bauta_status bt_ffmpeg_fail(const struct bauta_log *log, int error,
                                 enum bauta_status otherwise, const char *subject, const char *what)
{
    char words[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, words, sizeof(words));
    enum bauta_status status = otherwise;
    if (error == AVERROR(ENOMEM))
        status = BAUTA_ERR_MEMORY;
    else if (error == AVERROR(ENOENT) || error == AVERROR(EACCES) || error == AVERROR(EPERM) ||
             error == AVERROR(ENOSPC) || error == AVERROR(EIO) || error == AVERROR(EISDIR) ||
             error == AVERROR(EROFS) || error == AVERROR(EDQUOT) || error == AVERROR(EFBIG))
        status = BAUTA_ERR_IO;
    return bt_log_fail(log, status, "%s: %s%s%s", subject, what, *what ? ": " : "", words);
}

void bt_ffmpeg_quiet(void)
{
    av_log_set_level(AV_LOG_QUIET);
}

enum bauta_codec bt_ffmpeg_syntax(enum AVCodecID id)
{
    if (id == AV_CODEC_ID_H264)
        return BAUTA_CODEC_H264;
    return id == AV_CODEC_ID_HEVC ? BAUTA_CODEC_H265 : BAUTA_CODEC_OTHER;
}
