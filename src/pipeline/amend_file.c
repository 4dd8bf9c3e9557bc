/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "amend/amender.h"
#include "base/log.h"
#include "base/view.h"
#include "mux/mux.h"
#include "pipeline/units.h"
#include "recovery/parameter_sets.h"

struct run {
    const struct bauta_amend_settings *settings;
    struct bauta_amend_result *result;
    struct bt_amender amender;
    struct bt_buffer unit; /* kept to save allocations */
    enum bauta_codec codec;
    struct bt_parameter_sets sets; /* all that there are */
    int n_first_sets;              /* how many of them stand in the first unit */
    bool began;
};

static enum bauta_status begin(void *user, const struct bauta_file_info *info)
{
    struct run *r = user;
    r->codec = info->codec;
    bt_amender_init(&r->amender, r->settings, r->result, info->codec);
    return BAUTA_OK;
}

static enum bauta_status study(void *user, struct bauta_bytes au, double time_s)
{
    struct run *r = user;
    enum bauta_status status = bt_parameter_sets_add(&r->sets, r->codec, au);
    if (!r->began)
        r->n_first_sets = r->sets.n_items;
    r->began = true;
    return status ? status : bt_amender_study(&r->amender, au, time_s);
}

static enum bauta_status copy_packet(struct run *r, struct bt_mux *mux,
                                     const struct bt_packet *packet)
{
    if (!bt_packet_is_video(packet))
        return bt_mux_write_packet(mux, packet);
    bt_buffer_reset(&r->unit);
    enum bauta_status status = bt_amender_rewrite(&r->amender, &r->unit, bt_packet_bytes(packet));
    return status ? status : bt_mux_rewrite_video(mux, packet, bt_buffer_view(&r->unit));
}

static enum bauta_status copy_all(struct run *r, struct bt_demux *demux, struct bt_mux *mux)
{
    for (;;) {
        struct bt_packet *packet;
        enum bauta_status status = bt_demux_read(demux, &packet);
        if (status || !packet)
            return status;
        status = copy_packet(r, mux, packet);
        bt_packet_free(&packet);
        if (status)
            return status;
    }
}

static enum bauta_status tell(struct run *r, const struct bt_mux *mux)
{
    const struct bauta_amend_settings *s = r->settings;
    for (size_t i = 0; s->person && i < r->amender.erased.n_items; i++)
        s->person(s->user, &r->amender.erased.items[i]);
    return s->complete ? s->complete(s->user, s->output, bt_mux_file(mux), true) : BAUTA_OK;
}

/* The second pass: everything as it was, but for the messages that change. */
static enum bauta_status write_output(struct run *r)
{
    const struct bauta_amend_settings *s = r->settings;
    struct bt_demux *demux;
    struct bt_mux *mux = NULL;
    enum bauta_status status = bt_demux_open(&demux, s->input, s->log);
    if (status)
        return status;
    struct bt_video_info video;
    bt_demux_video_info(demux, &video);
    const struct bt_mux_settings settings = {.path = s->output,
                                             .replace = s->replace,
                                             .mode = s->mode,
                                             .format = s->format,
                                             .codec = video.codec,
                                             .width = video.width,
                                             .height = video.height,
                                             .full_range = video.full_range,
                                             .view = video.view,
                                             .sets_vary = r->sets.n_items > r->n_first_sets,
                                             .audio = true,
                                             .keep_subtitles = true,
                                             .keep_tags = true,
                                             .screen_in_stream = true,
                                             .like = demux,
                                             .log = s->log};
    if (!bt_view_is_upright(&video.view) && !bt_mux_tells_turns(s->output, s->format))
        bt_log(
            s->log, BAUTA_LOG_WARNING,
            "%s: plays as it is stored: this container cannot say that its pictures are to be %s",
            s->output, bt_view_text(&video.view));
    status = bt_mux_open(&mux, &settings);
    if (!status)
        status = copy_all(r, demux, mux);
    r->result->truncated = bt_demux_truncated(demux);
    if (!status)
        status = bt_mux_complete(mux);
    if (!status)
        status = tell(r, mux);
    if (!status)
        status = bt_mux_finish(mux);
    bt_mux_free(&mux);
    bt_demux_free(&demux);
    return status;
}

void bauta_amend_settings_init(struct bauta_amend_settings *settings)
{
    *settings = (struct bauta_amend_settings){
        .classes = BAUTA_MASK_BOTH, .since_s = -INFINITY, .until_s = INFINITY};
}

static bool is_sound(const struct bauta_amend_settings *s)
{
    bool adds = s && s->n_add + s->n_add_groups > 0;
    bool rewraps = s && (adds || s->n_remove + s->n_remove_groups > 0);
    bool part = s && (s->targets || s->n_targets || s->classes != BAUTA_MASK_BOTH ||
                      s->since_s != (double)-INFINITY || s->until_s != (double)INFINITY);
    return s && s->input && s->output && s->since_s < s->until_s &&
           (s->erase || s->erase_envelopes || rewraps) &&
           !(rewraps && (s->erase || s->erase_envelopes)) && !(s->erase_envelopes && part) &&
           (!adds || s->key) && (!s->reason || strlen(s->reason) <= BT_MAX_REASON);
}

/* Before anything is read; which codec it will be is not known yet. */
static enum bauta_status check_output(const struct bauta_amend_settings *s)
{
    enum bauta_status status = bauta_output_apart(s->output, s->input, s->log);
    return status ? status : bauta_output_check(s->output, s->replace, s->log);
}

enum bauta_status bauta_amend_file(struct bauta_amend_result *result,
                                   const struct bauta_amend_settings *settings)
{
    if (!result || !is_sound(settings))
        return BAUTA_ERR_ARGUMENT;
    *result = (struct bauta_amend_result){.first_s = NAN, .last_s = NAN};
    if (strcmp(settings->input, "-") == 0)
        return bt_log_fail(settings->log, BAUTA_ERR_UNSUPPORTED,
                           "-: a recording is amended in two passes: it must be a file");
    struct run *r = calloc(1, sizeof(*r));
    if (!r)
        return BAUTA_ERR_MEMORY;
    r->settings = settings;
    r->result = result;
    const struct bt_units_visitor visitor = {.user = r, .begin = begin, .unit = study};
    struct bauta_file_info info;
    enum bauta_status status = check_output(settings);
    if (!status)
        status = bt_units_visit(&info, settings->input, &visitor, settings->log);
    if (!status)
        status = bt_amender_plan(&r->amender);
    if (!status)
        status = write_output(r);
    bt_amender_clear(&r->amender);
    bt_buffer_clear(&r->unit);
    free(r);
    return status;
}
