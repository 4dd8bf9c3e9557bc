/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "pipeline/find_stage.h"
#include "pipeline/mask_stage.h"
#include "pipeline/output.h"
#include "pipeline/queue.h"
#include "pipeline/source.h"
#include "pipeline/watch.h"

/* Everything that one run holds. */
struct run {
    const struct bauta_protect_settings *settings;
    struct bauta_protect_result *result;
    struct bt_source source;
    struct bauta_object_codec object_codec;
    struct bauta_protector *protector;
    struct bt_output output;
    struct bt_mask_stage *mask;
    struct bt_find_stage find;
    struct bt_queue before_find, before_mask;
};

void bauta_protect_settings_init(struct bauta_protect_settings *settings)
{
    *settings = (struct bauta_protect_settings){.codec = BAUTA_CODEC_H264,
                                                .crf = -1,
                                                .preset = "veryfast",
                                                .object_codec = BAUTA_CODEC_H264,
                                                .recovery_crf = -1,
                                                .gop_s = 2,
                                                .audio = true,
                                                .threads = 1};
    bauta_find_settings_init(&settings->find);
    bauta_hide_settings_init(&settings->hide);
    settings->find.lookahead = -1;
}

static double crf_of(const struct bauta_protect_settings *s)
{
    if (s->crf >= 0)
        return s->crf;
    return s->codec == BAUTA_CODEC_H265 ? 28 : 23;
}

/* Whether x264 or x265 at this preset gives the pixels less PSNR at the same rate factor. */
static bool is_rough(const char *preset)
{
    static const char *const names[] = {"ultrafast", "superfast", "veryfast", "faster"};
    for (size_t i = 0; preset && i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(preset, names[i]) == 0)
            return true;
    return false;
}

/*
 * The quantiser at which objects have the PSNR that the same pixels would have in the base stream,
 * had nobody been hidden (bench/). H.265 at rate factor c looks like H.264 at about c - 5: the
 * encoders' own defaults are 28 and 23.
 */
static int object_qp(const struct bauta_protect_settings *s)
{
    double crf = crf_of(s) - (s->codec == BAUTA_CODEC_H265 ? 5 : 0);
    if (s->recovery_crf >= 0)
        crf = s->recovery_crf;
    if (s->recovery_lossless || crf <= 0)
        return 0;
    int qp = (int)(crf + (is_rough(s->preset) ? 5.5 : 4.5));
    return qp < 51 ? qp : 51;
}

static void fill_protector_settings(const struct run *r, struct bauta_protector_settings *p)
{
    const struct bauta_protect_settings *s = r->settings;
    bauta_protector_settings_init(p);
    p->width = r->source.output_width;
    p->height = r->source.output_height;
    p->codec = s->codec;
    p->hide = s->hide;
    p->recipients = s->recipients;
    p->n_recipients = s->n_recipients;
    p->groups = s->groups;
    p->n_groups = s->n_groups;
    p->signing_key = s->signing_key;
    p->rotate_us = (int64_t)(s->rotate_s * 1e6);
    p->utc_ms = s->utc_ms;
    p->epoch_us = (int64_t)(s->gop_s * 1e6);
    p->object_codec = &r->object_codec;
    p->detect = false; /* finding is a stage of its own here */
    p->log = s->log;
}

static enum bauta_status open_protector(struct run *r)
{
    const struct bauta_protect_settings *s = r->settings;
    bauta_object_codec_init(&r->object_codec, s->object_codec);
    r->object_codec.qp = object_qp(s);
    r->object_codec.full_range = bt_decode_full_range(r->source.decode);
    int least = r->object_codec.least_side;
    if (r->source.width < least || r->source.height < least)
        return bt_log_fail(s->log, BAUTA_ERR_UNSUPPORTED,
                           "%s: %s objects need pictures of %dx%d or more", s->input,
                           r->object_codec.name, least, least);
    struct bauta_protector_settings p;
    fill_protector_settings(r, &p);
    return bauta_protector_new(&r->protector, &p);
}

static enum bauta_status open_output(struct run *r)
{
    const struct bauta_protect_settings *s = r->settings;
    struct bt_output_settings settings = {.path = s->output,
                                          .format = s->format,
                                          .codec = (int)s->codec,
                                          .crf = crf_of(s),
                                          .preset = s->preset,
                                          .encoder = s->encoder,
                                          .options = s->encoder_options,
                                          .gop_s = s->gop_s,
                                          .audio = s->audio,
                                          .log = s->log};
    return bt_output_open(&r->output, &r->source, &settings);
}

/* Source -> find -> mask, with queues between them unless everything is to be on one thread. */
static enum bauta_status run_stages(struct run *r)
{
    const struct bauta_protect_settings *s = r->settings;
    r->mask = malloc(sizeof(*r->mask));
    if (!r->mask)
        return BAUTA_ERR_MEMORY;
    bt_mask_stage_init(r->mask, r->protector, r->output.encode, r->output.mux, s, r->result);
    struct bt_stage *before_mask = &r->mask->stage;
    enum bauta_status status = BAUTA_OK;
    if (s->threads > 0) {
        status = bt_queue_start(&r->before_mask, before_mask);
        before_mask = &r->before_mask.stage;
    }
    r->find.stage.next = before_mask;
    struct bt_stage *first = &r->find.stage;
    if (!status && s->threads > 0) {
        status = bt_queue_start(&r->before_find, first);
        first = &r->before_find.stage;
    }
    if (!status)
        status = bt_source_run(&r->source, first);
    bt_queue_join(&r->before_find);
    bt_queue_join(&r->before_mask);
    return status;
}

static enum bauta_status protect(struct run *r)
{
    const struct bauta_protect_settings *s = r->settings;
    enum bauta_status status = bt_mux_check(s->output, s->format, (int)s->codec, s->log);
    r->source.track = s->track;
    r->source.extra = s->find.view;
    if (!status)
        status = bt_source_open(&r->source, s->input, 0, s->log);
    if (status)
        return status;
    bt_source_choose_view(&r->source, s->output, s->format, s->log);
    r->source.pass_packets = s->audio;
    r->source.progress = s->progress;
    r->source.user = s->user;
    status = open_protector(r);
    r->find.regions = s->regions;
    r->find.user = s->user;
    if (!status)
        status = bt_find_stage_open(&r->find, &s->find, &r->source, s->log);
    if (!status)
        status = open_output(r);
    if (!status)
        status = run_stages(r);
    if (!status && r->result->n_pictures == 0)
        status = bt_log_fail(s->log, BAUTA_ERR_FORMAT, "%s: holds no picture that can be decoded",
                             s->input);
    return status ? status : bt_mux_finish(r->output.mux);
}

static void close_run(struct run *r)
{
    bt_output_clear(&r->output);
    bt_find_stage_clear(&r->find);
    bauta_protector_free(&r->protector);
    bt_source_clear(&r->source);
    if (r->mask)
        bt_mask_stage_clear(r->mask);
    free(r->mask);
}

enum bauta_status bauta_protect_file(struct bauta_protect_result *result,
                                     const struct bauta_protect_settings *settings)
{
    if (!result || !settings || !settings->input || !settings->output || !(settings->gop_s > 0) ||
        !bauta_view_is_sound(&settings->find.view) || !(settings->rotate_s >= 0))
        return BAUTA_ERR_ARGUMENT;
    memset(result, 0, sizeof(*result));
    struct run *r = calloc(1, sizeof(*r));
    if (!r)
        return BAUTA_ERR_MEMORY;
    r->settings = settings;
    r->result = result;
    double start = bt_watch_now();
    enum bauta_status status = protect(r);
    result->elapsed_s = bt_watch_now() - start;
    result->decode_s = r->source.busy_s;
    result->detect_s = r->find.busy_s;
    if (r->source.decode) {
        result->truncated = bt_source_truncated(&r->source);
        result->n_undecodable = bt_source_undecodable(&r->source);
        result->n_unshown = bt_source_lost(&r->source) - result->n_undecodable;
        result->n_hidden = bt_source_hidden(&r->source);
    }
    close_run(r);
    free(r);
    return status;
}
