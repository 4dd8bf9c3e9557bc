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
    const struct bt_units_visitor visitor = {.user = info, .begin = stop};
    enum bauta_status status = bt_units_visit(&found, path, &visitor, log);
    return status == BAUTA_ERR_CANCELLED ? BAUTA_OK : status;
}

enum { FIRST_UNITS = 8 }; /* the stream message is in the first, but a cut may begin behind it */

struct first_units {
    struct bauta_inspector *inspector;
    int n_units;
    bool protected_;
};

static enum bauta_status begin_first(void *user, const struct bauta_file_info *info)
{
    struct first_units *first = user;
    return bauta_inspector_new(&first->inspector, info->codec);
}

static enum bauta_status collect_first(void *user, struct bauta_bytes au, double time_s)
{
    struct first_units *first = user;
    struct bauta_inspection found;
    enum bauta_status status = bauta_inspector_collect(first->inspector, au, time_s);
    if (status)
        return status;
    bauta_inspector_result(first->inspector, &found);
    first->protected_ = found.n_epochs > 0 || found.n_pictures > 0;
    return first->protected_ || ++first->n_units == FIRST_UNITS ? BAUTA_ERR_CANCELLED : BAUTA_OK;
}

enum bauta_status bauta_video_tracks(int *n_tracks, const char *path, const struct bauta_log *log)
{
    struct bt_demux *demux;
    if (!n_tracks || !path)
        return BAUTA_ERR_ARGUMENT;
    *n_tracks = 0;
    enum bauta_status status = bt_demux_open(&demux, path, log);
    if (!status)
        *n_tracks = bt_demux_video_tracks(demux);
    bt_demux_free(&demux);
    return status;
}

enum bauta_status bauta_is_protected(bool *protected_, const char *path,
                                     const struct bauta_log *log)
{
    if (!protected_ || !path)
        return BAUTA_ERR_ARGUMENT;
    struct first_units first = {NULL, 0, false};
    struct bauta_file_info info;
    const struct bt_units_visitor visitor = {
        .user = &first, .begin = begin_first, .unit = collect_first};
    enum bauta_status status = bt_units_visit(&info, path, &visitor, log);
    bauta_inspector_free(&first.inspector);
    *protected_ = first.protected_;
    return status == BAUTA_ERR_CANCELLED ? BAUTA_OK : status;
}

enum bauta_status bauta_inspect_file(struct bauta_inspector **inspector,
                                     struct bauta_file_info *info, const char *path,
                                     const struct bauta_log *log)
{
    if (!inspector || !info || !path)
        return BAUTA_ERR_ARGUMENT;
    *inspector = NULL;
    const struct bt_units_visitor visitor = {.user = inspector, .begin = begin, .unit = collect};
    enum bauta_status status = bt_units_visit(info, path, &visitor, log);
    if (status)
        bauta_inspector_free(inspector);
    return status;
}
