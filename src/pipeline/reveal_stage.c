/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/reveal_stage.h"

#include "base/log.h"
#include "pipeline/item.h"
#include "restore/restorer.h"

static const double key_interval_s = 2.0; /* so that players can seek in what was recovered */

static enum bauta_status write_coded(struct bt_reveal_stage *s)
{
    for (;;) {
        struct bt_coded coded;
        bool some;
        enum bauta_status status = bt_encode_pull(s->encode, &coded, &some);
        if (status || !some)
            return status;
        status = bt_mux_write_video(s->mux, &coded);
        if (status)
            return status;
    }
}

/* What a grant does not open nobody asked for. */
static void count(struct bt_reveal_stage *s, const struct bauta_reveal_report *report)
{
    struct bauta_recover_result *result = s->result;
    bool incomplete = false;
    for (int i = 0; i < report->n_regions; i++) {
        enum bauta_reveal_state state = report->states[i];
        result->n_shown += state == BAUTA_REVEAL_SHOWN;
        result->n_unwanted += state == BAUTA_REVEAL_UNWANTED;
        result->n_denied += state == BAUTA_REVEAL_DENIED;
        result->n_missing += state == BAUTA_REVEAL_MISSING;
        result->n_broken += state == BAUTA_REVEAL_BROKEN;
        incomplete |= state != BAUTA_REVEAL_SHOWN && state != BAUTA_REVEAL_UNWANTED &&
                      !(state == BAUTA_REVEAL_DENIED && s->settings->grant);
    }
    result->n_pictures++;
    result->n_incomplete += incomplete || !report->protected_;
    result->n_unprotected += !report->protected_;
    result->n_changed += report->changed;
}

/* Turns what was revealed as the output wants it. */
static enum bauta_status turn(struct bt_reveal_stage *s, struct bt_revealed *revealed,
                              const struct bauta_view *by)
{
    struct bt_view v;
    if (bt_view_is_upright(by))
        return BAUTA_OK;
    bt_view_init(&v, by, revealed->picture.width, revealed->picture.height);
    const struct bauta_picture *have = &s->turned.picture;
    if (have->width != v.turned_width || have->height != v.turned_height) {
        bt_frame_clear(&s->turned);
        enum bauta_status status = bt_frame_init(&s->turned, v.turned_width, v.turned_height);
        if (status)
            return status;
    }
    bt_view_turn_picture(&v, &s->turned.picture, &revealed->picture);
    revealed->picture = s->turned.picture;
    return BAUTA_OK;
}

static double width_of_pixel(const struct bauta_view *view)
{
    return view->pixel_width > 0 ? (double)view->pixel_width / view->pixel_height : 1;
}

/* Everything is put back where it belongs first, in the picture's own size. */
static enum bauta_status bring_to_size(struct bt_reveal_stage *s, struct bt_revealed *revealed,
                                       const struct bt_item *item)
{
    const struct bt_revealed from = *revealed;
    if (from.picture.width == s->width && from.picture.height == s->height)
        return BAUTA_OK;
    double shape = item->turn.turn % 180 ? 1 : width_of_pixel(&item->view) / s->pixel;
    return bt_fit_revealed(&s->fit, revealed, s->width, s->height, &from, shape);
}

static enum bauta_status reveal(struct bt_reveal_stage *s, const struct bt_item *item)
{
    struct bauta_reveal_report report;
    struct bt_masked masked;
    struct bt_revealed revealed;
    double time_s = item->decoded.seconds;
    bool show = time_s >= s->settings->since_s && time_s < s->settings->until_s;
    bt_decoded_view_masked(&masked, &item->decoded);
    enum bauta_status status =
        bt_restorer_reveal(s->restorer, &report, &revealed, &masked, item->decoded.unit, show);
    if (status == BAUTA_ERR_MEMORY || status == BAUTA_ERR_ARGUMENT)
        return status; /* any other: what could not be shown stays masked, and is counted */
    if (s->settings->revealed)
        s->settings->revealed(s->settings->user, s->result->n_pictures, time_s, &report);
    s->result->n_in_time += show;
    count(s, &report);
    bool key = item->number == 0 || time_s - s->last_key_s >= key_interval_s;
    if (key)
        s->last_key_s = time_s;
    status = turn(s, &revealed, &item->turn);
    if (!status)
        status = bring_to_size(s, &revealed, item);
    if (!status)
        status = bt_encode_push_revealed(s->encode, &revealed, item->decoded.pts, key);
    return status ? status : write_coded(s);
}

static enum bauta_status take(struct bt_stage *stage, struct bt_item *item)
{
    struct bt_reveal_stage *s = (struct bt_reveal_stage *)stage;
    if (!item) {
        enum bauta_status status = bt_encode_drain(s->encode);
        return status ? status : write_coded(s);
    }
    enum bauta_status status = BAUTA_OK;
    switch (item->kind) {
    case BT_ITEM_PICTURE:
        status = reveal(s, item);
        break;
    case BT_ITEM_ACCESS_UNIT:
        status = bauta_restorer_collect(s->restorer, bt_packet_bytes(item->packet),
                                        bt_packet_unit(item->packet));
        break;
    case BT_ITEM_PACKET:
        status = bt_mux_write_packet(s->mux, item->packet);
        break;
    }
    bt_item_free(&item);
    return status;
}

void bt_reveal_stage_init(struct bt_reveal_stage *stage, struct bauta_restorer *restorer,
                          const struct bt_output *output, const struct bt_source *source,
                          const struct bauta_recover_settings *settings,
                          struct bauta_recover_result *result)
{
    *stage = (struct bt_reveal_stage){.stage = {take, NULL},
                                      .restorer = restorer,
                                      .encode = output->encode,
                                      .mux = output->mux,
                                      .settings = settings,
                                      .result = result,
                                      .width = source->output_width,
                                      .height = source->output_height,
                                      .pixel = width_of_pixel(&source->output),
                                      .fit = {.full_range = bt_decode_full_range(source->decode)}};
}

void bt_reveal_stage_clear(struct bt_reveal_stage *stage)
{
    bt_fit_clear(&stage->fit);
    bt_frame_clear(&stage->turned);
}
