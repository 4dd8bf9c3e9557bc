/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/setting.h"
#include "pipeline/output.h"
#include "pipeline/parts.h"
#include "pipeline/queue.h"
#include "pipeline/reveal_stage.h"
#include "pipeline/source.h"
#include "pipeline/watch.h"
#include "restore/restorer.h"

struct run {
    const struct bauta_recover_settings *settings;
    struct bauta_recover_result *result;
    struct bt_source source;
    struct bauta_object_codec object_codec;
    struct bauta_restorer *restorer;
    struct bt_parts parts;
    struct bt_output output;
    struct bt_reveal_stage reveal;
    struct bt_queue before_reveal;
};

void bauta_recover_settings_init(struct bauta_recover_settings *settings)
{
    *settings = (struct bauta_recover_settings){.classes = BAUTA_MASK_BOTH,
                                                .since_s = -INFINITY,
                                                .until_s = INFINITY,
                                                .codec = BAUTA_CODEC_H264,
                                                .preset = "veryfast",
                                                .mode = BAUTA_MODE_PRIVATE,
                                                .audio = true,
                                                .threads = 1};
    settings->crf = (double)bt_setting_standard(BAUTA_SETTING_CRF_SHOWN);
}

static enum bauta_status open_restorer(struct run *r)
{
    const struct bauta_recover_settings *s = r->settings;
    struct bauta_restorer_settings settings;
    bauta_object_codec_init(&r->object_codec, BAUTA_CODEC_H264);
    bauta_restorer_settings_init(&settings);
    settings.codec = r->source.info.codec;
    settings.key = s->key;
    settings.grant = s->grant;
    settings.now_ms = s->now_ms ? s->now_ms : bt_watch_utc_ms();
    settings.object_codec = &r->object_codec;
    settings.classes = s->classes;
    settings.targets = s->targets;
    settings.n_targets = s->n_targets;
    settings.log = s->log;
    return bauta_restorer_new(&r->restorer, &settings);
}

static enum bauta_status open_output(struct run *r)
{
    const struct bauta_recover_settings *s = r->settings;
    const char *path;
    enum bauta_status status = bt_parts_begin(&r->parts, &path, &r->source);
    if (status)
        return status;
    struct bt_output_settings settings = {.path = path,
                                          .replace = s->replace,
                                          .mode = s->mode,
                                          .format = s->format,
                                          .codec = s->codec,
                                          .crf = s->crf,
                                          .lossless = s->lossless,
                                          .preset = s->preset,
                                          .audio = s->audio,
                                          .keep_subtitles = s->keep_subtitles,
                                          .keep_tags = s->keep_tags,
                                          .log = s->log};
    return bt_output_open(&r->output, &r->source, &settings);
}

static enum bauta_status run_stages(struct run *r)
{
    const struct bauta_recover_settings *s = r->settings;
    bt_reveal_stage_init(&r->reveal, r->restorer, &r->output, &r->source, s, r->result);
    struct bt_stage *first = &r->reveal.stage;
    enum bauta_status status = BAUTA_OK;
    if (s->threads > 0) {
        status = bt_queue_start(&r->before_reveal, first);
        first = &r->before_reveal.stage;
    }
    if (!status)
        status = bt_source_run(&r->source, first);
    bt_queue_join(&r->before_reveal);
    bt_reveal_stage_clear(&r->reveal);
    return status;
}

/* Whether what was recovered deserves a file. */
static enum bauta_status judge(const struct run *r)
{
    const struct bauta_recover_settings *s = r->settings;
    const struct bauta_recover_result *n = r->result;
    if (n->n_pictures == 0)
        return bt_log_fail(s->log, BAUTA_ERR_FORMAT, "%s: holds no picture that can be decoded",
                           s->input);
    if (n->n_unprotected == n->n_pictures)
        return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND,
                           "%s: holds no recovery data: it was not protected by Bauta, or the data "
                           "were removed",
                           s->input);
    if (n->n_denied > 0 && n->n_shown == 0)
        return bt_log_fail(s->log, BAUTA_ERR_DENIED, "%s: this %s opens nothing in it%s", s->input,
                           s->grant ? "grant" : "key",
                           s->grant ? "" : ": it is not one of its recipients");
    return BAUTA_OK;
}

/* A file of one size; or all in one. */
static enum bauta_status recover_part(struct run *r)
{
    const struct bauta_recover_settings *s = r->settings;
    uint64_t before = r->result->n_pictures;
    bt_source_choose_view(&r->source, s->output, s->format, s->log);
    enum bauta_status status = open_output(r);
    if (!status)
        status = run_stages(r);
    if (!status)
        r->result->n_early += bt_mux_lost(r->output.mux);
    if (!status)
        r->result->n_sound += bt_mux_sound(r->output.mux);
    if (!status && r->result->n_pictures > before)
        status = bt_parts_complete(&r->parts, &r->output.mux);
    bt_output_clear(&r->output);
    return status;
}

static enum bauta_status open_source(struct run *r)
{
    const struct bauta_recover_settings *s = r->settings;
    r->source.track = s->track;
    r->source.sizes = bt_parts_sizes(s->on_size_change, s->output, BT_SOURCE_ANY);
    return bt_source_open(&r->source, s->input, 0, s->log);
}

/* What the source knows. */
static void count(struct run *r)
{
    struct bauta_recover_result *result = r->result;
    result->n_parts = r->parts.n_items;
    result->n_late = r->source.n_late;
    if (!r->source.decode)
        return;
    result->truncated = bt_source_truncated(&r->source);
    result->n_undecodable = bt_source_undecodable(&r->source) + bt_source_unshown(&r->source);
    result->n_hidden = bt_source_hidden(&r->source);
}

static enum bauta_status recover(struct run *r)
{
    const struct bauta_recover_settings *s = r->settings;
    const struct bt_output_settings output = {.path = s->output,
                                              .replace = s->replace,
                                              .format = s->format,
                                              .codec = s->codec,
                                              .log = s->log};
    enum bauta_status status = bt_output_check(s->input, &output);
    if (!status)
        status = open_source(r);
    if (status)
        return status;
    if (r->source.info.codec == 0)
        return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND,
                           "%s: holds no recovery data: its video is neither H.264 nor H.265",
                           s->input);
    r->source.pass_units = true;
    r->source.audio = s->audio;
    r->source.subtitles = s->keep_subtitles;
    r->source.pass_packets = s->audio || s->keep_subtitles;
    r->source.progress = s->progress;
    r->source.user = s->user;
    status = open_restorer(r);
    if (!status)
        status = recover_part(r);
    while (!status && r->source.more) {
        status = bt_source_next_part(&r->source);
        if (!status)
            status = recover_part(r);
    }
    if (!status)
        status = judge(r);
    if (r->restorer)
        r->result->n_absent = bt_restorer_absent(r->restorer);
    if (r->restorer)
        bauta_restorer_stream_id(r->restorer, r->result->stream_id);
    count(r);
    return status ? status : bt_parts_finish(&r->parts);
}

enum bauta_status bauta_recover_file(struct bauta_recover_result *result,
                                     const struct bauta_recover_settings *settings)
{
    if (!result || !settings || !settings->input || !settings->output || !settings->key ||
        settings->since_s >= settings->until_s)
        return BAUTA_ERR_ARGUMENT;
    memset(result, 0, sizeof(*result));
    struct run *r = calloc(1, sizeof(*r));
    if (!r)
        return BAUTA_ERR_MEMORY;
    r->settings = settings;
    r->result = result;
    r->parts = (struct bt_parts){.input = settings->input,
                                 .output = settings->output,
                                 .replace = settings->replace,
                                 .log = settings->log,
                                 .user = settings->user,
                                 .told = settings->part,
                                 .complete = settings->complete};
    double start = bt_watch_now();
    enum bauta_status status = recover(r);
    result->elapsed_s = bt_watch_now() - start;
    count(r);
    bt_parts_clear(&r->parts);
    bauta_restorer_free(&r->restorer);
    bt_source_clear(&r->source);
    free(r);
    return status;
}
