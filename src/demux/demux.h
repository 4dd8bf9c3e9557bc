/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DEMUX_H
#define BT_DEMUX_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/bytes.h>
#include <bauta/log.h>
#include <bauta/status.h>
#include <bauta/view.h>

/*
 * Reads a media file, or standard input, packet by packet. One input is one file: what names others
 * (a playlist) is refused. Times are on one clock, that of players: 0 is where the file begins to
 * be shown or heard, and where the file's own clock jumps they go on from the last picture, which
 * is said. One thread at a time.
 */
struct bt_demux;

/* One packet: a coded picture, or a piece of another stream. */
struct bt_packet;

/* What the container and the first headers say of the video. */
struct bt_video_info {
    enum bauta_codec codec;
    int width, height;      /* of the pictures as coded, pixels */
    int rate_num, rate_den; /* pictures per second; 0/1 if not known */
    int tick_num, tick_den; /* the unit of time stamps, seconds */
    double duration_s;      /* negative if not known */
    uint64_t n_pictures;    /* 0 if not known */
    struct bauta_view view; /* as the container says that it is shown */
    bool full_range;        /* as the container or the first headers say */
};

/* Opens `path` ("-": standard input) and finds its video stream. BAUTA_ERR_IO: cannot be read;
 * BAUTA_ERR_FORMAT: not a video; the log says which. `log` is borrowed for the demuxer's life. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_open(struct bt_demux **demux, const char *path,
                                                 const struct bauta_log *log);
/* The same for the `track`th video track, from 1; 0: the best one. BAUTA_ERR_ARGUMENT: there are
 * fewer. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_open_track(struct bt_demux **demux, const char *path,
                                                       int track, const struct bauta_log *log);
void bt_demux_free(struct bt_demux **demux);
void bt_demux_video_info(const struct bt_demux *demux, struct bt_video_info *info);
const char *bt_demux_path(const struct bt_demux *demux);
/* When the recording says that it began, milliseconds since 1970-01-01; 0: not told. */
uint64_t bt_demux_began_ms(const struct bt_demux *demux);

/* From now on reading ends with BAUTA_ERR_CANCELLED when `stopped` says so, also while it waits for
 * the next bytes of a pipe and a signal comes. */
void bt_demux_stop_when(struct bt_demux *demux, bool (*stopped)(void *user), void *user);

/* The next packet of the video or of another stream that can be copied; the caller frees it.
 * `*packet` is NULL at the end, also at a fault in the file: bt_demux_truncated() tells. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_read(struct bt_demux *demux, struct bt_packet **packet);
/* Whether the file ended before its container says it should, or could not be read on. */
bool bt_demux_truncated(const struct bt_demux *demux);

/* Of how many streams the file consists, and when the `stream`th, from 0, begins to be heard, as
 * the container tells at the beginning; seconds, INFINITY if it is no sound or that is not told. */
int bt_demux_streams(const struct bt_demux *demux);
double bt_demux_sound_start(const struct bt_demux *demux, int stream);

/* How many video tracks the file has; cover pictures are none. */
int bt_demux_video_tracks(const struct bt_demux *demux);
/* Pictures so far that an edit list hides. */
uint64_t bt_demux_hidden(const struct bt_demux *demux);

bool bt_packet_is_video(const struct bt_packet *packet);
/* Of which stream of the file it is. */
int bt_packet_stream(const struct bt_packet *packet);
/* An edit list hides this picture: no player shows it, and it has no time. */
bool bt_packet_hidden(const struct bt_packet *packet);
/* H.264 and H.265: one access unit with its slices as Annex B, whatever the container. Units that
 * come without a slice are no picture and stand before those of the next one. */
struct bauta_bytes bt_packet_bytes(const struct bt_packet *packet);
/* Number of a video packet in the file, from 0: names the picture where time stamps cannot. */
int64_t bt_packet_unit(const struct bt_packet *packet);
/* When it is shown, seconds; of a packet without time stamps, as good as the frame rate tells;
 * NAN of a hidden one. */
double bt_packet_seconds(const struct bt_packet *packet);
/* The same as the file has it, on its own clock, which may begin anywhere; NAN of a hidden one, or
 * if the file does not tell. Where clocks begin anew by the rules (MPEG-TS) they go on here. */
double bt_packet_stamp(const struct bt_packet *packet);
void bt_packet_free(struct bt_packet **packet);

#endif
