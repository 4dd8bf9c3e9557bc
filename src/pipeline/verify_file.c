/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include "pipeline/units.h"

struct run {
    struct bauta_verifier_settings settings;
    struct bauta_verifier *verifier;
};

static enum bauta_status begin(void *user, const struct bauta_file_info *info)
{
    struct run *r = user;
    r->settings.codec = info->codec;
    return bauta_verifier_new(&r->verifier, &r->settings);
}

static enum bauta_status collect(void *user, struct bauta_bytes au, double time_s)
{
    struct run *r = user;
    return bauta_verifier_collect(r->verifier, au, time_s);
}

enum bauta_status bauta_verify_file(struct bauta_verification *verification,
                                    struct bauta_file_info *info, const char *path,
                                    const struct bauta_verifier_settings *settings,
                                    const struct bauta_log *log)
{
    if (!verification || !info || !path || !settings)
        return BAUTA_ERR_ARGUMENT;
    struct run r = {*settings, NULL};
    const struct bt_units_visitor visitor = {&r, begin, collect};
    enum bauta_status status = bt_units_visit(info, path, &visitor, log);
    if (!status)
        status = bauta_verifier_finish(r.verifier, verification);
    bauta_verifier_free(&r.verifier);
    return status;
}
