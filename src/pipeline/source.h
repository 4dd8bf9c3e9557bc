/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SOURCE_H
#define BT_SOURCE_H

#include <bauta/file.h>

#include "media/decode.h"
#include "pipeline/stage.h"

/* The head of every pipeline: reads and decodes a file and hands items to the first stage. */
struct bt_source {
    struct bt_demux *demux;
    struct bt_decode *decode;
    struct bt_video_info info;
    int width, height; /* of the pictures that come out */
    bool pass_units;   /* hand on access units, before the pictures in them */
    bool pass_packets; /* hand on packets of other streams */
    int track;         /* which video track, from 1; 0: the best one */
    uint64_t n_pictures;
    int64_t last_pts_us;
    double busy_s, started_s;
    bauta_progress_function *progress;
    void *user;
};

/* Opens the file and its decoder. The struct starts from `{0}` and is
 * cleared also after a failure. */
BAUTA_MUST_CHECK enum bauta_status bt_source_open(struct bt_source *source, const char *path,
                                                  int n_threads, const struct bauta_log *log);
/* Runs the whole file through `first`, to the end. */
BAUTA_MUST_CHECK enum bauta_status bt_source_run(struct bt_source *source, struct bt_stage *first);
/* The file ended too soon, or some of it could not be decoded. */
bool bt_source_truncated(const struct bt_source *source);
uint64_t bt_source_undecodable(const struct bt_source *source);
/* Pictures of it that never came out: those, and what lies before the first that can be decoded. */
uint64_t bt_source_lost(const struct bt_source *source);
/* Pictures of it that an edit list hides. */
uint64_t bt_source_hidden(const struct bt_source *source);
void bt_source_clear(struct bt_source *source);

#endif
