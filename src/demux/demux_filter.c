/* SPDX-License-Identifier: Apache-2.0 */
#include "bitstream/access_unit.h"
#include "demux/demux_state.h"
#include "demux/orientation.h"
#include "demux/repeated_sets.h"

#include <string.h>
#include <bauta/view.h>

/* Some H.265 files say in their headers alone how pictures are shown. */
static void hear_header(struct bt_demux *d, const AVBSFContext *filter)
{
    const AVCodecParameters *p = filter->par_out;
    struct bt_orientation_message *m = &d->orientation;
    m->some |=
        bauta_view_read(&m->view, &m->exact, bt_ffmpeg_syntax(p->codec_id), (struct bauta_bytes){0},
                        (struct bauta_bytes){p->extradata, (size_t)p->extradata_size});
}

/* Matroska and MP4 files may carry SEI of one picture in their headers, which the filter would
 * repeat at others. */
static enum bauta_status drop_header_sei(const AVBSFContext *filter)
{
    AVCodecParameters *p = filter->par_out;
    struct bt_buffer kept = {0};
    if (p->extradata_size <= 0)
        return BAUTA_OK;
    const struct bauta_bytes all = {p->extradata, (size_t)p->extradata_size};
    bt_access_unit_strip(&kept, bt_ffmpeg_syntax(p->codec_id), all);
    enum bauta_status status = bt_buffer_status(&kept);
    if (!status && kept.size && kept.size <= all.size) {
        memcpy(p->extradata, kept.data, kept.size);
        memset(p->extradata + kept.size, 0, all.size - kept.size);
        p->extradata_size = (int)kept.size;
    }
    bt_buffer_clear(&kept);
    return status;
}

/* MP4 and Matroska hold NAL units with sizes; everything of ours reads start codes. */
enum bauta_status bt_demux_open_filter(struct bt_demux *d, const AVCodecParameters *parameters)
{
    enum AVCodecID id = parameters->codec_id;
    if (!bt_ffmpeg_syntax(id))
        return BAUTA_OK;
    const AVBitStreamFilter *kind =
        av_bsf_get_by_name(id == AV_CODEC_ID_H264 ? "h264_mp4toannexb" : "hevc_mp4toannexb");
    AVBSFContext *filter = NULL;
    int error = kind ? av_bsf_alloc(kind, &filter) : AVERROR_BSF_NOT_FOUND;
    if (!error)
        error = avcodec_parameters_copy(filter->par_in, parameters);
    if (!error) {
        filter->time_base_in = d->video->time_base;
        error = av_bsf_init(filter);
    }
    enum bauta_status status = BAUTA_OK;
    if (error < 0)
        status = bt_ffmpeg_fail(d->log, error, BAUTA_ERR_FORMAT, d->path,
                                "its video headers cannot be read");
    if (!status)
        hear_header(d, filter);
    if (!status)
        status = drop_header_sei(filter);
    if (!status)
        av_bsf_free(&d->to_annexb);
    if (!status)
        d->to_annexb = filter;
    else
        av_bsf_free(&filter);
    return status;
}

enum bauta_status bt_demux_take_headers(struct bt_demux *d, AVPacket *av)
{
    size_t size = 0;
    const uint8_t *headers = av_packet_get_side_data(av, AV_PKT_DATA_NEW_EXTRADATA, &size);
    if (!headers || !d->to_annexb)
        return BAUTA_OK;
    AVCodecParameters *p = avcodec_parameters_alloc();
    uint8_t *copy = av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
    enum bauta_status status = BAUTA_ERR_MEMORY;
    if (p && copy && avcodec_parameters_copy(p, d->video->codecpar) >= 0) {
        memcpy(copy, headers, size);
        av_freep(&p->extradata);
        p->extradata = copy;
        p->extradata_size = (int)size;
        copy = NULL;
        status = bt_demux_open_filter(d, p);
    }
    av_free(copy);
    avcodec_parameters_free(&p);
    if (status && status != BAUTA_ERR_MEMORY) {
        d->truncated = true;
        status = BAUTA_OK;
    }
    av_packet_free_side_data(av); /* what the filter gives carries its headers in band */
    return status;
}

int bt_demux_filter_packet(const struct bt_demux *d, AVPacket *av)
{
    int error = av_bsf_send_packet(d->to_annexb, av);
    if (error >= 0)
        error = av_bsf_receive_packet(d->to_annexb, av);
    if (error >= 0)
        bt_repeated_sets_drop(av, d->to_annexb->par_out);
    return error;
}
