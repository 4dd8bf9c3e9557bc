/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/output.h"

enum { ENCODER_THREADS = 2 }; /* a constant: the output depends on it */

enum bauta_status bt_output_check(const char *input, const struct bt_output_settings *s)
{
    enum bauta_status status = bauta_output_apart(s->path, input, s->log);
    if (!status)
        status = bt_mux_check(s->path, s->format, s->codec, s->log);
    return status ? status : bauta_output_check(s->path, s->replace, s->log);
}

enum bauta_status bt_output_open(struct bt_output *output, const struct bt_source *source,
                                 const struct bt_output_settings *settings)
{
    const struct bt_output_settings *s = settings;
    bool full_range = bt_decode_full_range(source->decode);
    struct bt_encode_settings e = {.codec = s->codec,
                                   .width = source->output_width,
                                   .height = source->output_height,
                                   .crf = s->crf,
                                   .lossless = s->lossless,
                                   .preset = s->preset,
                                   .encoder = s->encoder,
                                   .options = s->options,
                                   .gop_s = s->gop_s,
                                   .n_threads = ENCODER_THREADS,
                                   .full_range = full_range,
                                   .view = source->output,
                                   .like = source->demux,
                                   .name = s->path,
                                   .log = s->log};
    struct bt_mux_settings m = {.path = s->path,
                                .replace = s->replace,
                                .mode = s->mode,
                                .format = s->format,
                                .codec = s->codec,
                                .width = source->output_width,
                                .height = source->output_height,
                                .full_range = full_range,
                                .view = source->output,
                                .origin = source->part.start,
                                .audio = s->audio,
                                .keep_subtitles = s->keep_subtitles,
                                .keep_tags = s->keep_tags,
                                .screen_in_stream = !s->encoder,
                                .others_apart = s->others_apart,
                                .began_ms = s->began_ms,
                                .like = source->demux,
                                .log = s->log};
    enum bauta_status status = bt_encode_new(&output->encode, &e);
    return status ? status : bt_mux_open(&output->mux, &m);
}

bool bauta_can_write(const char *path, const char *format, enum bauta_codec codec)
{
    return path && bt_mux_check(path, format, codec, NULL) == BAUTA_OK;
}

void bt_output_clear(struct bt_output *output)
{
    bt_mux_free(&output->mux);
    bt_encode_free(&output->encode);
}
