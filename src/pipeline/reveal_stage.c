/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/reveal_stage.h"

#include "base/log.h"
#include "engine/restorer.h"
#include "pipeline/item.h"

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
    enum bauta_status status =
        s->turned.memory ? BAUTA_OK : bt_frame_init(&s->turned, v.turned_width, v.turned_height);
    if (status)
        return status;
    bt_view_turn_picture(&v, &s->turned.picture, &revealed->picture);
    revealed->picture = s->turned.picture;
    return BAUTA_OK;
}

static enum bauta_status reveal(struct bt_reveal_stage *s, const struct bt_item *item)
{
    struct bauta_reveal_report report;
    struct bt_masked masked;
    struct bt_revealed revealed;
    double time_s = item->decoded.seconds;
    bool show = time_s >= s->settings->since_s && time_s <= s->settings->until_s;
    bt_decoded_view_masked(&masked, &item->decoded);
    enum bauta_status status =
        bt_restorer_reveal(s->restorer, &report, &revealed, &masked, item->decoded.unit, show);
    if (status == BAUTA_ERR_MEMORY || status == BAUTA_ERR_ARGUMENT)
        return status; /* any other: what could not be shown stays masked, and is counted */
    count(s, &report);
    bool key = item->number == 0 || time_s - s->last_key_s >= key_interval_s;
    if (key)
        s->last_key_s = time_s;
    status = turn(s, &revealed, &item->turn);
    if (status)
        return status;
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

void bt_reveal_stage_clear(struct bt_reveal_stage *stage)
{
    bt_frame_clear(&stage->turned);
}

void bt_reveal_stage_init(struct bt_reveal_stage *stage, struct bauta_restorer *restorer,
                          struct bt_encode *encode, struct bt_mux *mux,
                          const struct bauta_recover_settings *settings,
                          struct bauta_recover_result *result)
{
    *stage = (struct bt_reveal_stage){.stage = {take, NULL},
                                      .restorer = restorer,
                                      .encode = encode,
                                      .mux = mux,
                                      .settings = settings,
                                      .result = result};
}
