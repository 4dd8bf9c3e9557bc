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
    int width, height;        /* of the pictures that come out */
    struct bauta_view extra;  /* on top of what the file says of its view; to be set before */
    struct bauta_view view;   /* of the first picture */
    struct bauta_view output; /* what the output tells players */
    int output_width, output_height;
    bool turns, said_odd_turn; /* the output is as `output` says, so pixels may have to be turned */
    struct bt_early {          /* what was read to see the first picture */
        struct bt_stage stage;
        struct bt_item **items;
        size_t n_items, n_allocated, n_given;
    } early;
    bool ended;
    bool pass_units;   /* hand on access units, before the pictures in them */
    bool pass_packets; /* hand on packets of other streams */
    int track;         /* which video track, from 1; 0: the best one */
    uint64_t n_pictures;
    int64_t last_pts_us;
    double busy_s, started_s;
    bauta_progress_function *progress;
    void *user;
    const struct bauta_log *log;
};

/* Opens the file and its decoder, and reads up to the first picture. The struct starts from `{0}`,
 * but for `extra`, and is cleared also after a failure. */
BAUTA_MUST_CHECK enum bauta_status bt_source_open(struct bt_source *source, const char *path,
                                                  int n_threads, const struct bauta_log *log);
/* What the output, a container of this name, tells players of the view: where it can say it, what
 * the first picture's is; else nothing, and pixels are turned upright instead, which is logged. */
void bt_source_choose_view(struct bt_source *source, const char *output, const char *format,
                           const struct bauta_log *log);
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
