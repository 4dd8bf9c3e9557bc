/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MUX_H
#define BT_MUX_H

#include <bauta/work_file.h>

#include "demux/demux.h"
#include "codec/encode.h"

/*
 * Writes a media file: one video stream of access units, and copies of the other streams of a
 * demuxer, into a work file (bauta/work_file.h) that bt_mux_finish() gives its name. One thread at
 * a time.
 */
struct bt_mux;

struct bt_mux_settings {
    const char *path; /* as an output of a work file, and the next two */
    bool replace;
    unsigned mode;
    const char *format; /* "mp4", "mkv", "ts", "h264" ...; NULL: what the path ends in */
    enum bauta_codec codec;
    int width, height;
    bool full_range;
    struct bauta_view view;      /* how what is written is shown */
    bool sets_vary;              /* parameter sets that come later may differ from the first */
    int64_t origin;              /* this time of `like`, in ticks of its video, becomes 0 */
    bool audio;                  /* copy the audio streams of `like`, */
    bool keep_subtitles;         /* and its subtitles, */
    bool keep_tags;              /* and all that it says of itself: titles, places, names */
    bool screen_in_stream;       /* the stream tells itself for which screen it was made (HDR) */
    bool others_apart;           /* its other video tracks are not left out: they go elsewhere */
    uint64_t began_ms;           /* since 1970-01-01; 0: as `like` tells */
    const struct bt_demux *like; /* time base; borrowed for the muxer's life */
    const struct bauta_log *log;
};

/* BAUTA_ERR_ARGUMENT: no container of that name; BAUTA_ERR_IO: not writable. */
BAUTA_MUST_CHECK enum bauta_status bt_mux_open(struct bt_mux **mux,
                                               const struct bt_mux_settings *settings);
/* Writes an access unit; the first one, which must carry the parameter sets,
 * opens the container. */
BAUTA_MUST_CHECK enum bauta_status bt_mux_write_video(struct bt_mux *mux,
                                                      const struct bt_coded *coded);
/* Writes an access unit with the times of the packet that it comes from. */
BAUTA_MUST_CHECK enum bauta_status
bt_mux_rewrite_video(struct bt_mux *mux, const struct bt_packet *packet, struct bauta_bytes au);
/* Copies a packet of another stream; one of a stream that is not copied is passed over. */
BAUTA_MUST_CHECK enum bauta_status bt_mux_write_packet(struct bt_mux *mux,
                                                       const struct bt_packet *packet);
/* How many of them were left out though their track is copied, as they lie before the first picture
 * and could not be kept; that was said. */
uint64_t bt_mux_lost(const struct bt_mux *mux);
/* How many packets of sound it has. */
uint64_t bt_mux_sound(const struct bt_mux *mux);
/* Completes the file, still without its name, and keeps no more of it open: what comes after is
 * bt_mux_finish(). BAUTA_ERR_FORMAT if no picture was written. */
BAUTA_MUST_CHECK enum bauta_status bt_mux_complete(struct bt_mux *mux);
/* What was written, to be read by position once it is complete; it stays the mux's. */
int bt_mux_file(const struct bt_mux *mux);
/* Completes the file, unless it is, and gives it its name. BAUTA_ERR_FORMAT if no picture was
 * written. */
BAUTA_MUST_CHECK enum bauta_status bt_mux_finish(struct bt_mux *mux);
/* Without bt_mux_finish() removes what was written. */
void bt_mux_free(struct bt_mux **mux);

/* Whether an output of these settings, of which `path`, `format`, `audio`, `keep_subtitles` and
 * `like` count, will have the packets of this stream of the input. */
bool bt_mux_carries(const struct bt_mux_settings *settings, int stream);

/* Whether the container of that name can say that pictures are shown turned or mirrored; if not, a
 * muxer says nothing of it. */
bool bt_mux_tells_turns(const char *path, const char *format);

/* Whether `path` (or `format`) names a container that is supported; says so if not. */
BAUTA_MUST_CHECK enum bauta_status bt_mux_check(const char *path, const char *format,
                                                enum bauta_codec codec,
                                                const struct bauta_log *log);

#endif
