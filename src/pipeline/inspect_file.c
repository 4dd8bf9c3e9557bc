/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include "base/log.h"
#include "media/demux.h"

static enum bauta_status collect_all(struct bauta_inspector *inspector, struct bt_demux *demux)
{
    for (;;) {
        struct bt_packet *packet;
        enum bauta_status status = bt_demux_read(demux, &packet);
        if (status || !packet)
            return status;
        if (bt_packet_is_video(packet))
            status = bauta_inspector_collect(inspector, bt_packet_bytes(packet),
                                             bt_packet_seconds(packet));
        bt_packet_free(&packet);
        if (status)
            return status;
    }
}

enum bauta_status bauta_inspect_file(struct bauta_inspector **inspector,
                                     struct bauta_file_info *info, const char *path,
                                     const struct bauta_log *log)
{
    if (!inspector || !info || !path)
        return BAUTA_ERR_ARGUMENT;
    *inspector = NULL;
    struct bt_demux *demux;
    enum bauta_status status = bt_demux_open(&demux, path, log);
    if (status)
        return status;
    struct bt_video_info video;
    bt_demux_video_info(demux, &video);
    *info = (struct bauta_file_info){(enum bauta_codec)video.codec, video.width, video.height,
                                     video.duration_s, false};
    if (!video.codec)
        status =
            bt_log_fail(log, BAUTA_ERR_NOT_FOUND,
                        "%s: holds no recovery data: its video is neither H.264 nor H.265", path);
    if (!status)
        status = bauta_inspector_new(inspector, info->codec);
    if (!status)
        status = collect_all(*inspector, demux);
    info->truncated = bt_demux_truncated(demux);
    bt_demux_free(&demux);
    if (status)
        bauta_inspector_free(inspector);
    return status;
}
