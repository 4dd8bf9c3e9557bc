/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/setting.h"
#include "pipeline/find_stage.h"
#include "pipeline/mask_stage.h"
#include "pipeline/output.h"
#include "pipeline/parts.h"
#include "pipeline/queue.h"
#include "pipeline/sealed_tracks.h"
#include "pipeline/source.h"
#include "pipeline/watch.h"

/* Everything that one run holds. */
struct run {
    const struct bauta_protect_settings *settings;
    struct bauta_protect_result *result;
    struct bt_source source;
    struct bauta_object_codec object_codec;
    struct bauta_protector *protector;
    int first_w, first_h; /* of the first part */
    struct bt_parts parts;
    struct bt_output output;
    struct bauta_recipient_list recipients;                            /* of now */
    struct bauta_rect always[BAUTA_MAX_AREAS], never[BAUTA_MAX_AREAS]; /* of this part */
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
                                                .audio = true,
                                                .threads = 1};
    bauta_find_settings_init(&settings->find);
    bauta_hide_settings_init(&settings->hide);
    settings->find.lookahead = -1;
    settings->gop_s = (double)bt_setting_standard(BAUTA_SETTING_EPOCH);
}

static double crf_of(const struct bauta_protect_settings *s)
{
    if (s->crf >= 0)
        return s->crf;
    return (double)bt_setting_standard(s->codec == BAUTA_CODEC_H265 ? BAUTA_SETTING_CRF_H265
                                                                    : BAUTA_SETTING_CRF);
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

/* When this part of the recording began, as the caller says, or else as it says itself. */
static uint64_t began_ms(const struct run *r)
{
    uint64_t began = r->settings->utc_ms ? r->settings->utc_ms : bt_demux_began_ms(r->source.demux);
    return began ? began + (uint64_t)(r->source.part.start_s * 1e3) : 0;
}

static void fill_protector_settings(const struct run *r, struct bauta_protector_settings *p)
{
    const struct bauta_protect_settings *s = r->settings;
    bauta_protector_settings_init(p);
    p->width = r->source.output_width;
    p->height = r->source.output_height;
    p->codec = s->codec;
    p->hide = s->hide;
    p->recipients = r->recipients.keys;
    p->n_recipients = r->recipients.n_keys;
    p->groups = r->recipients.groups;
    p->n_groups = r->recipients.n_groups;
    p->signing_key = s->signing_key;
    p->rotate_us = (int64_t)(s->rotate_s * 1e6);
    p->utc_ms = began_ms(r);
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
    const char *path;
    enum bauta_status status = bt_parts_begin(&r->parts, &path, &r->source);
    if (status)
        return status;
    struct bt_output_settings settings = {.path = path,
                                          .replace = s->replace,
                                          .mode = s->mode,
                                          .format = s->format,
                                          .codec = s->codec,
                                          .crf = crf_of(s),
                                          .preset = s->preset,
                                          .encoder = s->encoder,
                                          .options = s->encoder_options,
                                          .gop_s = s->gop_s,
                                          .audio = s->audio,
                                          .keep_subtitles = s->keep_subtitles,
                                          .keep_tags = s->keep_tags,
                                          .others_apart = s->others_apart,
                                          .began_ms = began_ms(r),
                                          .log = s->log};
    return bt_output_open(&r->output, &r->source, &settings);
}

/* Source -> find -> mask, with queues between them unless everything is to be on one thread. */
static enum bauta_status run_stages(struct run *r)
{
    const struct bauta_protect_settings *s = r->settings;
    bt_mask_stage_part(r->mask, r->protector, r->output.encode, r->output.mux);
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

/* Where `at` of `from` lies in `to`, in proportion, rounded up or down. */
static int in_proportion(int at, int from, int to, bool up)
{
    return (int)(((int64_t)at * to + (up ? from - 1 : 0)) / from);
}

/* Where an area lies in pictures of another size, as a camera that sends the same view smaller has
 * it: no smaller than in proportion, or no larger. */
static struct bauta_rect carry_over(const struct run *r, struct bauta_rect a, bool larger)
{
    int to_w = r->source.width, to_h = r->source.height;
    int left = in_proportion(a.x, r->first_w, to_w, !larger);
    int top = in_proportion(a.y, r->first_h, to_h, !larger);
    int right = in_proportion(a.x + a.w, r->first_w, to_w, larger);
    int bottom = in_proportion(a.y + a.h, r->first_h, to_h, larger);
    return (struct bauta_rect){left, top, right - left, bottom - top};
}

/* The areas are given in pixels of the first picture. Where the shape of the picture changes too,
 * nobody knows what is where an area was: nothing is left clear for it any more. */
static void carry_areas_over(struct run *r, struct bauta_find_settings *find)
{
    const struct bt_source *s = &r->source;
    bool same_shape = (int64_t)r->first_w * s->height == (int64_t)r->first_h * s->width;
    if (s->part.number == 1 || find->n_always + find->n_never == 0)
        return;
    for (int i = 0; i < find->n_always && i < BAUTA_MAX_AREAS; i++)
        r->always[i] = carry_over(r, find->always[i], true);
    int n_never = 0;
    for (int i = 0; same_shape && i < find->n_never && i < BAUTA_MAX_AREAS; i++) {
        r->never[n_never] = carry_over(r, find->never[i], false);
        n_never += r->never[n_never].w > 0 && r->never[n_never].h > 0;
    }
    find->always = r->always;
    find->never = r->never;
    find->n_never = n_never;
    bt_log(r->settings->log, BAUTA_LOG_WARNING,
           "%s: areas to hide are carried over in proportion%s", r->settings->input,
           same_shape ? "" : "; areas to leave clear are not, as the picture has another shape");
}

static enum bauta_status open_part(struct run *r)
{
    const struct bauta_protect_settings *s = r->settings;
    struct bauta_find_settings find = s->find;
    if (r->source.part.number == 1) {
        r->first_w = r->source.width;
        r->first_h = r->source.height;
    }
    carry_areas_over(r, &find);
    bt_source_choose_view(&r->source, s->output, s->format, s->log);
    enum bauta_status status = open_protector(r);
    r->find.regions = s->regions;
    r->find.user = s->user;
    if (!status)
        status = bt_find_stage_open(&r->find, &find, &r->source, s->log);
    return status ? status : open_output(r);
}

/* A file of one size. What was made for it goes, but for the file. */
static enum bauta_status protect_part(struct run *r)
{
    uint64_t before = r->result->n_pictures;
    enum bauta_status status = open_part(r);
    if (!status)
        status = run_stages(r);
    if (!status)
        r->result->n_early += bt_mux_lost(r->output.mux);
    if (!status && r->result->n_pictures > before)
        status = bt_parts_complete(&r->parts, &r->output.mux);
    bt_output_clear(&r->output);
    bt_find_stage_clear(&r->find);
    bauta_protector_free(&r->protector);
    return status;
}

static enum bauta_status open_source(struct run *r)
{
    const struct bauta_protect_settings *s = r->settings;
    r->source.track = s->track;
    r->source.extra = s->find.view;
    r->source.tell_signed = s->log;
    r->source.refuses_sealed = true;
    r->source.sizes = bt_parts_sizes(s->on_size_change, s->output, BT_SOURCE_FIT);
    enum bauta_status status = bt_source_open(&r->source, s->input, 0, s->log);
    if (!status)
        status = bt_sealed_tracks_refuse(s->input, bt_demux_video_tracks(r->source.demux), s->track,
                                         s->log);
    if (status)
        return status;
    r->source.audio = s->audio;
    r->source.subtitles = s->keep_subtitles;
    r->source.pass_packets = s->audio || s->keep_subtitles;
    r->source.progress = s->progress;
    r->source.user = s->user;
    bt_decode_tell_losses(r->source.decode);
    return BAUTA_OK;
}

static enum bauta_status protect(struct run *r)
{
    const struct bauta_protect_settings *s = r->settings;
    const struct bt_output_settings output = {.path = s->output,
                                              .replace = s->replace,
                                              .format = s->format,
                                              .codec = s->codec,
                                              .log = s->log};
    enum bauta_status status = bt_output_check(s->input, &output);
    if (!status)
        status = open_source(r);
    if (!status)
        status = protect_part(r);
    while (!status && r->source.more) {
        status = bt_source_next_part(&r->source);
        if (!status)
            status = protect_part(r);
    }
    if (!status && r->result->n_pictures == 0)
        status = bt_log_fail(s->log, BAUTA_ERR_FORMAT, "%s: holds no picture that can be decoded",
                             s->input);
    return status ? status : bt_parts_finish(&r->parts);
}

static void close_run(struct run *r)
{
    bt_parts_clear(&r->parts);
    bt_source_clear(&r->source);
    bt_mask_stage_clear(r->mask);
    free(r->mask);
    free(r);
}

/* Those that a protector does not see before pictures come. A negative quality is the default. */
static bool settings_are_sound(const struct bauta_protect_settings *s)
{
    return bauta_view_is_sound(&s->find.view) &&
           bt_setting_is_sound(BAUTA_SETTING_EPOCH, s->gop_s, s->log) &&
           bt_setting_is_sound(BAUTA_SETTING_ROTATE, s->rotate_s, s->log) &&
           (s->crf < 0 || bt_setting_is_sound(BAUTA_SETTING_CRF, s->crf, s->log)) &&
           (s->recovery_crf < 0 ||
            bt_setting_is_sound(BAUTA_SETTING_RECOVERY_CRF, s->recovery_crf, s->log));
}

enum bauta_status bauta_protect_file(struct bauta_protect_result *result,
                                     const struct bauta_protect_settings *settings)
{
    if (!result || !settings || !settings->input || !settings->output ||
        !settings_are_sound(settings))
        return BAUTA_ERR_ARGUMENT;
    memset(result, 0, sizeof(*result));
    struct run *r = calloc(1, sizeof(*r));
    struct bt_mask_stage *mask = malloc(sizeof(*mask));
    if (!r || !mask) {
        free(mask);
        free(r);
        return BAUTA_ERR_MEMORY;
    }
    r->settings = settings;
    r->result = result;
    r->recipients = (struct bauta_recipient_list){settings->recipients, settings->n_recipients,
                                                  settings->groups, settings->n_groups};
    r->parts = (struct bt_parts){.input = settings->input,
                                 .output = settings->output,
                                 .replace = settings->replace,
                                 .log = settings->log,
                                 .user = settings->user,
                                 .told = settings->part};
    r->mask = mask;
    bt_mask_stage_init(r->mask, settings, result, &r->recipients);
    double start = bt_watch_now();
    enum bauta_status status = protect(r);
    result->elapsed_s = bt_watch_now() - start;
    result->decode_s = r->source.busy_s;
    result->detect_s = r->find.busy_s;
    result->n_parts = r->parts.n_items;
    result->n_late = r->source.n_late;
    if (r->source.decode) {
        result->truncated = bt_source_truncated(&r->source);
        result->n_undecodable = bt_source_undecodable(&r->source);
        result->n_unshown = bt_source_unshown(&r->source);
        result->n_hidden = bt_source_hidden(&r->source);
        result->reduced = bt_decode_reduced(r->source.decode);
    }
    close_run(r);
    return status;
}
