/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include "pipeline/units.h"

static enum bauta_status begin(void *user, const struct bauta_file_info *info)
{
    struct bauta_inspector **inspector = user;
    return bauta_inspector_new(inspector, info->codec);
}

static enum bauta_status collect(void *user, struct bauta_bytes au, double time_s)
{
    struct bauta_inspector **inspector = user;
    return bauta_inspector_collect(*inspector, au, time_s);
}

static enum bauta_status stop(void *user, const struct bauta_file_info *info)
{
    struct bauta_file_info *out = user;
    *out = *info;
    return BAUTA_ERR_CANCELLED;
}

enum bauta_status bauta_probe_file(struct bauta_file_info *info, const char *path,
                                   const struct bauta_log *log)
{
    if (!info || !path)
        return BAUTA_ERR_ARGUMENT;
    struct bauta_file_info found = {0};
    const struct bt_units_visitor visitor = {info, stop, NULL};
    enum bauta_status status = bt_units_visit(&found, path, &visitor, log);
    return status == BAUTA_ERR_CANCELLED ? BAUTA_OK : status;
}

enum bauta_status bauta_inspect_file(struct bauta_inspector **inspector,
                                     struct bauta_file_info *info, const char *path,
                                     const struct bauta_log *log)
{
    if (!inspector || !info || !path)
        return BAUTA_ERR_ARGUMENT;
    *inspector = NULL;
    const struct bt_units_visitor visitor = {inspector, begin, collect};
    enum bauta_status status = bt_units_visit(info, path, &visitor, log);
    if (status)
        bauta_inspector_free(inspector);
    return status;
}
