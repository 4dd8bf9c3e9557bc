/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SOURCE_H
#define BT_SOURCE_H

#include <bauta/file.h>

#include "codec/decode.h"
#include "pipeline/packets.h"
#include "pipeline/stage.h"

/* What to do where pictures go on in another size. */
enum bt_source_sizes {
    BT_SOURCE_PARTS, /* end the run there; the next one goes on */
    BT_SOURCE_FIT,   /* bring them to the first size */
    BT_SOURCE_ANY,   /* hand them on as they are */
    BT_SOURCE_STOP   /* fail */
};

/* A stretch of pictures of one size. */
struct bt_source_part {
    int number;     /* from 1 */
    double start_s; /* of its first picture, or of the sound before the very first one */
    int64_t start;  /* the same in the demuxer's ticks */
    uint64_t first; /* the number of that picture */
};

/* The head of every pipeline: reads and decodes a file and hands items to the first stage. Sound is
 * held until pictures of its time have come, so that it goes where they go. */
struct bt_source {
    struct bt_demux *demux;
    struct bt_decode *decode;
    struct bt_video_info info;
    int width, height;        /* of the pictures that come out */
    struct bauta_view extra;  /* on top of what the file says of its view; to be set before */
    struct bauta_view view;   /* of the first picture */
    struct bauta_view output; /* what the output tells players */
    int output_width, output_height;
    bool turns; /* the output is as `output` says, so pixels may have to be turned */
    bool said_odd_turn, said_odd_pixels;
    struct bt_early { /* what was read to see the first picture */
        struct bt_stage stage;
        struct bt_item **items;
        size_t n_items, n_allocated, n_given, size;
    } early;
    bool ended;
    bool pass_units;                     /* hand on access units, before the pictures in them */
    bool pass_packets;                   /* hand on packets of other streams, */
    bool audio, subtitles;               /* which the output shall have */
    int track;                           /* which video track, from 1; 0: the best one */
    bool refuses_sealed;                 /* an input with sealed originals ends the run */
    const struct bauta_log *tell_signed; /* here a signature of another scheme is told, once */
    uint64_t n_pictures;
    int64_t last_pts_us;
    enum bt_source_sizes sizes; /* to be set before: the first pictures can change already */
    struct bt_source_part part;
    struct bt_size_change change; /* after a run: why it ended, if there is more */
    bool more, told_change;
    struct bt_packets ahead; /* video that was read but not decoded */
    struct bt_packets sound; /* that waits for pictures of its time */
    double last_s;           /* of the picture handed on last */
    uint64_t n_late;         /* packets of sound of a part that was complete */
    double busy_s, started_s;
    bauta_progress_function *progress;
    void *user;
    const struct bauta_log *log;
};

/* Opens the file and its decoder, and reads up to the first picture. The struct starts from `{0}`,
 * but for `extra`, `track` and `sizes`, and is cleared also after a failure. */
BAUTA_MUST_CHECK enum bauta_status bt_source_open(struct bt_source *source, const char *path,
                                                  int n_threads, const struct bauta_log *log);
/* What the output, a container of this name, tells players of the view: where it can say it, what
 * the first picture's is; else nothing, and pixels are turned upright instead, which is logged. */
void bt_source_choose_view(struct bt_source *source, const char *output, const char *format,
                           const struct bauta_log *log);
/* Runs the file through `first`, to the end; of BT_SOURCE_PARTS one part, and `more` tells whether
 * the next run has something to go on with. `width`, `height` and `part` are those of the run. */
BAUTA_MUST_CHECK enum bauta_status bt_source_run(struct bt_source *source, struct bt_stage *first);
/* Before a next run: makes `width`, `height` and `part` those of what comes. */
BAUTA_MUST_CHECK enum bauta_status bt_source_next_part(struct bt_source *source);
/* The file ended too soon, or some of it could not be decoded. */
bool bt_source_truncated(const struct bt_source *source);
uint64_t bt_source_undecodable(const struct bt_source *source);
/* Pictures of it that are shown before the first that can be decoded: no player shows them. */
uint64_t bt_source_unshown(const struct bt_source *source);
/* Pictures of it that an edit list hides. */
uint64_t bt_source_hidden(const struct bt_source *source);
void bt_source_clear(struct bt_source *source);

#endif
