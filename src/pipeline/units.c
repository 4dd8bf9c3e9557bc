/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/units.h"

#include "base/log.h"

/* Visits all units; `*end_s` is when the last picture begins. */
static enum bauta_status visit_all(const struct bt_units_visitor *visitor, struct bt_demux *demux,
                                   double *end_s)
{
    for (;;) {
        struct bt_packet *packet;
        enum bauta_status status = bt_demux_read(demux, &packet);
        if (status || !packet)
            return status;
        if (bt_packet_is_video(packet)) {
            double seconds = bt_packet_seconds(packet);
            *end_s = seconds > *end_s ? seconds : *end_s;
            struct bauta_bytes au = bt_packet_bytes(packet);
            status = visitor->stamped
                         ? visitor->stamped(visitor->user, au, seconds, bt_packet_stamp(packet))
                         : visitor->unit(visitor->user, au, seconds);
        }
        bt_packet_free(&packet);
        if (status)
            return status;
    }
}

enum bauta_status bt_units_visit(struct bauta_file_info *info, const char *path,
                                 const struct bt_units_visitor *visitor,
                                 const struct bauta_log *log)
{
    struct bt_demux *demux;
    enum bauta_status status = bt_demux_open(&demux, path, log);
    if (status)
        return status;
    struct bt_video_info video;
    double end_s = 0;
    bt_demux_video_info(demux, &video);
    *info =
        (struct bauta_file_info){video.codec, video.width, video.height, video.duration_s, false};
    if (!video.codec)
        status =
            bt_log_fail(log, BAUTA_ERR_NOT_FOUND,
                        "%s: holds no recovery data: its video is neither H.264 nor H.265", path);
    if (!status && visitor->opened)
        visitor->opened(visitor->user, demux);
    if (!status)
        status = visitor->begin(visitor->user, info);
    if (!status)
        status = visit_all(visitor, demux, &end_s);
    if (!status && visitor->ending)
        visitor->ending(visitor->user, demux);
    if (!status && info->duration_s < 0 && video.rate_num > 0) /* raw streams do not say */
        info->duration_s = end_s + (double)video.rate_den / video.rate_num;
    info->truncated = bt_demux_truncated(demux);
    bt_demux_free(&demux);
    return status;
}
