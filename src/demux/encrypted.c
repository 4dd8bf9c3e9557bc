/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/encrypted.h"

#include <string.h>

bool bt_encrypted(const AVFormatContext *format, const AVStream *stream, const AVPacket *packet)
{
    size_t size;
    if (av_packet_get_side_data(packet, AV_PKT_DATA_ENCRYPTION_INFO, &size))
        return true;
    /* Matroska marks the track, whole; in MP4 the same mark may belong to another track */
    return strstr(format->iformat->name, "matroska") &&
           av_stream_get_side_data(stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, &size);
}
