/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "amend/grantor.h"
#include "pipeline/units.h"

struct run {
    const struct bauta_grant_settings *settings;
    struct bt_grantor grantor;
};

static enum bauta_status begin(void *user, const struct bauta_file_info *info)
{
    struct run *r = user;
    bt_grantor_init(&r->grantor, r->settings, info->codec);
    return BAUTA_OK;
}

static enum bauta_status collect(void *user, struct bauta_bytes au, double time_s)
{
    struct run *r = user;
    return bt_grantor_collect(&r->grantor, au, time_s);
}

void bauta_grant_settings_init(struct bauta_grant_settings *settings)
{
    *settings = (struct bauta_grant_settings){
        .classes = BAUTA_MASK_BOTH, .since_s = -INFINITY, .until_s = INFINITY};
}

static bool is_sound(const struct bauta_grant_settings *s)
{
    return s && s->input && s->recipient && (s->key != NULL) != (s->group != NULL) &&
           s->since_s < s->until_s && s->n_targets >= 0 &&
           s->n_targets <= BAUTA_MAX_GRANT_TARGETS && (!s->n_targets || s->targets) && s->classes &&
           !(s->classes & ~(unsigned)BAUTA_MASK_BOTH) &&
           (!s->reason || strlen(s->reason) <= BT_MAX_GRANT_TEXT) &&
           (!s->case_ || strlen(s->case_) <= BT_MAX_GRANT_TEXT);
}

enum bauta_status bauta_grant_file(struct bauta_grant **grant,
                                   const struct bauta_grant_settings *settings)
{
    if (!grant || !is_sound(settings))
        return BAUTA_ERR_ARGUMENT;
    *grant = NULL;
    struct run *r = calloc(1, sizeof(*r));
    if (!r)
        return BAUTA_ERR_MEMORY;
    r->settings = settings;
    const struct bt_units_visitor visitor = {.user = r, .begin = begin, .unit = collect};
    struct bauta_file_info info;
    enum bauta_status status = bt_units_visit(&info, settings->input, &visitor, settings->log);
    if (!status)
        status = bt_grantor_finish(&r->grantor, grant);
    for (size_t i = 0; !status && settings->person && i < r->grantor.people.n_items; i++)
        settings->person(settings->user, &r->grantor.people.items[i]);
    bt_grantor_clear(&r->grantor);
    free(r);
    return status;
}
