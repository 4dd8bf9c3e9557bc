/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/timing.h"

#include <string.h>
#include <libavutil/opt.h>

enum { FASTEST = 1000 }; /* pictures a second; what claims more is a unit of time, no rate */

void bt_timing_init(struct bt_timing *t, enum bauta_codec codec, AVFormatContext *format,
                    AVStream *like)
{
    AVRational rate = like->avg_frame_rate;
    if (rate.num <= 0 || rate.den <= 0)
        rate = av_guess_frame_rate(format, like, NULL);
    bool known = rate.num > 0 && rate.den > 0 && av_q2d(rate) <= FASTEST && rate.num < 1 << 30;
    t->codec = codec;
    t->rate = known ? rate : (AVRational){0, 1};
}

void bt_timing_clear(struct bt_timing *t)
{
    bt_buffer_clear(&t->plain);
    bt_buffer_clear(&t->told);
    bt_buffer_clear(&t->unit);
}

static int open_filter(AVBSFContext **filter, const struct bt_timing *t)
{
    bool h264 = t->codec == BAUTA_CODEC_H264;
    const AVBitStreamFilter *f = av_bsf_get_by_name(h264 ? "h264_metadata" : "hevc_metadata");
    int error = f ? av_bsf_alloc(f, filter) : AVERROR_BSF_NOT_FOUND;
    if (error < 0)
        return error;
    AVCodecParameters *p = (*filter)->par_in;
    p->codec_type = AVMEDIA_TYPE_VIDEO;
    p->codec_id = h264 ? AV_CODEC_ID_H264 : AV_CODEC_ID_HEVC;
    p->extradata = av_mallocz(t->plain.size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!p->extradata)
        return AVERROR(ENOMEM);
    memcpy(p->extradata, t->plain.data, t->plain.size);
    p->extradata_size = (int)t->plain.size;
    /* a tick of H.264 is half a picture, as it may be a field */
    AVRational ticks = {t->rate.num * (h264 ? 2 : 1), t->rate.den};
    error = av_opt_set_q((*filter)->priv_data, "tick_rate", ticks, 0);
    return error < 0 ? error : av_bsf_init(*filter);
}

/* Makes `told` from `plain`: the same, if FFmpeg cannot read it. */
static void rewrite(struct bt_timing *t)
{
    AVBSFContext *filter = NULL;
    bt_buffer_reset(&t->told);
    if (open_filter(&filter, t) >= 0 && filter->par_out->extradata_size > 0)
        bt_buffer_append(&t->told, (struct bauta_bytes){filter->par_out->extradata,
                                                        (size_t)filter->par_out->extradata_size});
    else
        bt_buffer_append(&t->told, bt_buffer_view(&t->plain));
    av_bsf_free(&filter);
}

/* Collects the parameter sets of a unit; true if they are new. */
static bool collect(struct bt_timing *t, struct bauta_bytes unit)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_buffer_reset(&t->unit);
    bt_nal_reader_init(&r, unit);
    while (bt_nal_next(&r, &nal))
        if (bt_nal_kind(t->codec, nal) == BT_NAL_PARAMETERS)
            bt_nal_copy(&t->unit, nal);
    if (t->unit.size == t->plain.size &&
        (!t->unit.size || memcmp(t->unit.data, t->plain.data, t->unit.size) == 0))
        return false;
    if (!t->unit.size)
        return false;
    bt_buffer_reset(&t->plain);
    bt_buffer_append(&t->plain, bt_buffer_view(&t->unit));
    return true;
}

enum bauta_status bt_timing_tell(struct bt_timing *t, struct bauta_bytes *unit)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    if (!t->rate.num)
        return BAUTA_OK;
    if (collect(t, *unit))
        rewrite(t);
    if (!t->unit.size)
        return bt_buffer_status(&t->unit);
    bool placed = false;
    bt_buffer_reset(&t->unit);
    bt_nal_reader_init(&r, *unit);
    while (bt_nal_next(&r, &nal)) {
        bool set = bt_nal_kind(t->codec, nal) == BT_NAL_PARAMETERS;
        if (set && !placed)
            bt_buffer_append(&t->unit, bt_buffer_view(&t->told));
        placed |= set;
        if (!set)
            bt_nal_copy(&t->unit, nal);
    }
    enum bauta_status status = bt_buffer_status(&t->told);
    if (!status)
        status = bt_buffer_status(&t->plain);
    if (!status)
        status = bt_buffer_status(&t->unit);
    if (!status)
        *unit = bt_buffer_view(&t->unit);
    return status;
}
