/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/colour.h"

#include <stdio.h>
#include <string.h>
#include <libavutil/mastering_display_metadata.h>

static bool put(AVStream *to, enum AVPacketSideDataType type, const uint8_t *data, size_t size)
{
    uint8_t *copy = data ? av_stream_new_side_data(to, type, size) : NULL;
    if (copy)
        memcpy(copy, data, size);
    return !data || copy;
}

static bool copy_side_data(AVStream *to, const AVStream *from, enum AVPacketSideDataType type)
{
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(from, type, &size);
    return put(to, type, data, size);
}

static bool note(AVStream *stream, enum AVPacketSideDataType type, const AVFrame *picture,
                 enum AVFrameSideDataType told_as)
{
    const AVFrameSideData *told = av_frame_get_side_data(picture, told_as);
    bool has = av_stream_get_side_data(stream, type, NULL);
    return has || !told || put(stream, type, told->data, told->size);
}

enum bauta_status bt_colour_note(AVStream *stream, const AVFrame *picture)
{
    return note(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, picture,
                AV_FRAME_DATA_MASTERING_DISPLAY_METADATA) &&
                   note(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, picture,
                        AV_FRAME_DATA_CONTENT_LIGHT_LEVEL)
               ? BAUTA_OK
               : BAUTA_ERR_MEMORY;
}

bool bt_colour_tells_screen(const AVStream *stream)
{
    return av_stream_get_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, NULL) ||
           av_stream_get_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, NULL);
}

enum bauta_status bt_colour_copy(AVStream *to, const AVStream *from)
{
    const AVCodecParameters *p = from->codecpar;
    if (p->color_space != AVCOL_SPC_RGB) {
        to->codecpar->color_space = p->color_space;
        to->codecpar->color_primaries = p->color_primaries;
        to->codecpar->color_trc = p->color_trc;
    }
    to->codecpar->chroma_location = p->chroma_location;
    return copy_side_data(to, from, AV_PKT_DATA_MASTERING_DISPLAY_METADATA) &&
                   copy_side_data(to, from, AV_PKT_DATA_CONTENT_LIGHT_LEVEL)
               ? BAUTA_OK
               : BAUTA_ERR_MEMORY;
}

/* In the units of H.265 D.3.28: 0.00002 of a chromaticity, 0.0001 candela. */
static int64_t in_units(AVRational q, double unit)
{
    double value = q.den ? av_q2d(q) / unit : 0;
    return value > 0 && value < 4e9 ? (int64_t)(value + 0.5) : 0;
}

static long long chroma(AVRational q)
{
    return (long long)in_units(q, 0.00002);
}

void bt_colour_print(char *text, size_t size, const AVStream *from, bool x265)
{
    size_t n = 0, n_light = 0;
    const AVMasteringDisplayMetadata *m =
        (const AVMasteringDisplayMetadata *)(const void *)av_stream_get_side_data(
            from, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, &n);
    const AVContentLightMetadata *light =
        (const AVContentLightMetadata *)(const void *)av_stream_get_side_data(
            from, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, &n_light);
    int at = 0;
    *text = '\0';
    if (m && n >= sizeof(*m) && m->has_primaries && m->has_luminance)
        at = snprintf(
            text, size, ":%s=G(%lld,%lld)B(%lld,%lld)R(%lld,%lld)WP(%lld,%lld)L(%lld,%lld)",
            x265 ? "master-display" : "mastering-display", chroma(m->display_primaries[1][0]),
            chroma(m->display_primaries[1][1]), chroma(m->display_primaries[2][0]),
            chroma(m->display_primaries[2][1]), chroma(m->display_primaries[0][0]),
            chroma(m->display_primaries[0][1]), chroma(m->white_point[0]),
            chroma(m->white_point[1]), (long long)in_units(m->max_luminance, 0.0001),
            (long long)in_units(m->min_luminance, 0.0001));
    if (light && n_light >= sizeof(*light) && at >= 0 && (size_t)at < size)
        snprintf(text + at, size - (size_t)at, ":%scll=%u,%u", x265 ? "max-" : "", light->MaxCLL,
                 light->MaxFALL);
}

bool bt_colour_interlaced(const AVStream *stream)
{
    enum AVFieldOrder order = stream->codecpar->field_order;
    return order == AV_FIELD_TT || order == AV_FIELD_BB || order == AV_FIELD_TB ||
           order == AV_FIELD_BT;
}

bool bt_colour_top_first(const AVStream *stream)
{
    enum AVFieldOrder order = stream->codecpar->field_order;
    return order == AV_FIELD_TT || order == AV_FIELD_BT;
}
