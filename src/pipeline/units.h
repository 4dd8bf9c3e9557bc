/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_UNITS_H
#define BT_UNITS_H

#include <bauta/file.h>

#include "demux/demux.h"

/* Reads the access units of a file, in decoding order, without decoding them. */
struct bt_units_visitor {
    void *user;
    /* Called once, before the first. */
    enum bauta_status (*begin)(void *user, const struct bauta_file_info *info);
    enum bauta_status (*unit)(void *user, struct bauta_bytes au, double time_s);
    /* If set, in place of it: with the time stamp of the file as well, bt_packet_stamp(). */
    enum bauta_status (*stamped)(void *user, struct bauta_bytes au, double time_s, double stamp_s);
    /* If set, called before `begin`, and after the last unit. */
    void (*opened)(void *user, const struct bt_demux *demux);
    void (*ending)(void *user, const struct bt_demux *demux);
};

/* Visits all of them, until a call fails. BAUTA_ERR_NOT_FOUND: the video is neither H.264 nor
 * H.265, so it holds nothing of ours. */
BAUTA_MUST_CHECK enum bauta_status bt_units_visit(struct bauta_file_info *info, const char *path,
                                                  const struct bt_units_visitor *visitor,
                                                  const struct bauta_log *log);

#endif
