/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/fields.h"

#include <string.h>

static enum bauta_status copy_headers(struct bt_fields *f, const AVCodecContext *decoder)
{
    size_t size = decoder->extradata_size > 0 ? (size_t)decoder->extradata_size : 0;
    f->context->extradata = av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!f->context->extradata)
        return BAUTA_ERR_MEMORY;
    if (size)
        memcpy(f->context->extradata, decoder->extradata, size);
    f->context->extradata_size = (int)size;
    return BAUTA_OK;
}

enum bauta_status bt_fields_open(struct bt_fields *f, const AVCodecContext *decoder)
{
    if (decoder->codec_id != AV_CODEC_ID_H264)
        return BAUTA_OK;
    f->context = avcodec_alloc_context3(decoder->codec);
    f->parser = av_parser_init(AV_CODEC_ID_H264);
    if (!f->context || !f->parser)
        return BAUTA_ERR_MEMORY;
    f->parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
    return copy_headers(f, decoder);
}

static bool is_field(enum AVPictureStructure structure)
{
    return structure == AV_PICTURE_STRUCTURE_TOP_FIELD ||
           structure == AV_PICTURE_STRUCTURE_BOTTOM_FIELD;
}

bool bt_fields_second(struct bt_fields *f, const AVPacket *packet)
{
    uint8_t *data;
    int size;
    if (!f->parser)
        return false;
    f->parser->picture_structure = AV_PICTURE_STRUCTURE_UNKNOWN;
    av_parser_parse2(f->parser, f->context, &data, &size, packet->data, packet->size,
                     AV_NOPTS_VALUE, AV_NOPTS_VALUE, -1);
    enum AVPictureStructure now = f->parser->picture_structure;
    bool second = is_field(now) && is_field(f->first) && now != f->first;
    f->first = is_field(now) && !second ? now : AV_PICTURE_STRUCTURE_UNKNOWN;
    return second;
}

void bt_fields_clear(struct bt_fields *f)
{
    if (f->parser)
        av_parser_close(f->parser);
    avcodec_free_context(&f->context);
    *f = (struct bt_fields){0};
}
