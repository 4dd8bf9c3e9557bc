/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/sealed_tracks.h"

#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "demux/demux.h"
#include "recovery/messages.h"

static enum bauta_status look_through(bool *sealed, struct bt_demux *demux, enum bauta_codec codec)
{
    struct bt_packet *packet;
    enum bauta_status status = BAUTA_OK;
    *sealed = false;
    while (!status && !*sealed) {
        status = bt_demux_read(demux, &packet);
        if (status || !packet)
            break;
        if (bt_packet_is_video(packet))
            status = bt_messages_sealed(sealed, codec, bt_packet_bytes(packet));
        if (status == BAUTA_ERR_FORMAT)
            status = BAUTA_OK;
        bt_packet_free(&packet);
    }
    return status;
}

/* What is odd about the file is told by who reads it for good. */
static enum bauta_status look_at(bool *sealed, const char *path, int track)
{
    struct bt_demux *demux;
    struct bt_video_info info;
    *sealed = false;
    enum bauta_status status = bt_demux_open_track(&demux, path, track, NULL);
    if (status == BAUTA_ERR_FORMAT) /* no picture is on it: the file itself was opened before */
        return BAUTA_OK;
    if (status)
        return status;
    bt_demux_video_info(demux, &info);
    if (info.codec)
        status = look_through(sealed, demux, info.codec);
    bt_demux_free(&demux);
    return status;
}

/* Not so a pipe, by whatever name. */
static bool can_be_read_again(const char *path)
{
    struct stat about;
    return strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

enum bauta_status bt_sealed_tracks_refuse(const char *path, int n_tracks, int track,
                                          const struct bauta_log *log)
{
    if (n_tracks < 2 || !can_be_read_again(path))
        return BAUTA_OK;
    for (int i = 1; i <= n_tracks; i++) {
        bool sealed = false;
        enum bauta_status status = i == track ? BAUTA_OK : look_at(&sealed, path, i);
        if (status)
            return bt_log_fail(log, status,
                               "%s: its video track %d cannot be searched for sealed originals",
                               path, i);
        if (sealed)
            return bt_log_fail(log, BAUTA_ERR_UNSUPPORTED,
                               "%s: its video track %d is protected already, and the originals "
                               "that are sealed in it would be lost: take the other tracks into a "
                               "file of their own",
                               path, i);
    }
    return BAUTA_OK;
}
