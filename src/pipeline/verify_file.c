/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include "demux/besides.h"
#include "pipeline/uncovered.h"
#include "pipeline/units.h"

struct run {
    struct bauta_verifier_settings settings;
    struct bauta_verifier *verifier;
    double tick_s;
    int n_besides;
};

static void tell(const struct run *r, const char *what, bool pictures)
{
    if (r->settings.not_covered)
        r->settings.not_covered(r->settings.user, what, pictures);
}

static void note(void *user, const char *what, bool pictures)
{
    struct run *r = user;
    r->n_besides += pictures;
    tell(r, what, pictures);
}

static void open_file(void *user, const struct bt_demux *demux)
{
    struct run *r = user;
    struct bt_video_info info;
    bt_demux_video_info(demux, &info);
    r->tick_s = info.tick_den > 0 ? (double)info.tick_num / info.tick_den : 0;
}

static enum bauta_status begin(void *user, const struct bauta_file_info *info)
{
    struct run *r = user;
    r->settings.codec = info->codec;
    enum bauta_status status = bauta_verifier_new(&r->verifier, &r->settings);
    if (!status)
        bauta_verifier_begin_file(r->verifier, r->tick_s);
    return status;
}

static enum bauta_status collect(void *user, struct bauta_bytes au, double time_s, double stamp_s)
{
    struct run *r = user;
    return bauta_verifier_collect_stamped(r->verifier, au, time_s, stamp_s);
}

static void end_file(void *user, const struct bt_demux *demux)
{
    bt_besides_tell(demux, user, note);
}

/* Times: those of which one of the two is missing. */
static void tell_times(const struct run *r, const struct bauta_verification *v)
{
    if (v->n_untimed)
        tell(r, BT_UNCOVERED_INSIDE, false);
    if (v->n_unstamped)
        tell(r, BT_UNCOVERED_TIMES, false);
}

enum bauta_status bauta_verify_file(struct bauta_verification *verification,
                                    struct bauta_file_info *info, const char *path,
                                    const struct bauta_verifier_settings *settings,
                                    const struct bauta_log *log)
{
    if (!verification || !info || !path || !settings)
        return BAUTA_ERR_ARGUMENT;
    struct run r = {.settings = *settings};
    const struct bt_units_visitor visitor = {
        .user = &r, .begin = begin, .stamped = collect, .opened = open_file, .ending = end_file};
    enum bauta_status status = bt_units_visit(info, path, &visitor, log);
    if (!status)
        status = bauta_verifier_finish(r.verifier, verification);
    if (!status) {
        verification->n_besides = r.n_besides;
        tell_times(&r, verification);
    }
    bauta_verifier_free(&r.verifier);
    return status;
}
