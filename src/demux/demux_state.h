/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DEMUX_STATE_H
#define BT_DEMUX_STATE_H

#include "demux/demux.h"
#include "demux/ffmpeg.h"
#include "demux/orientation.h"
#include "demux/sound.h"
#include "demux/timeline.h"

enum { BT_DEMUX_NEVER = -1000000 };
enum { BT_DEMUX_SENTENCES = 3 }; /* on one kind of fault, at most */
enum { BT_DEMUX_AHEAD = 256 };

/* What reading depends on, of containers. */
struct bt_demux_kind {
    bool mov;          /* MP4 and MOV: each sample is known, and edit lists hide some */
    bool matroska;     /* tells when pictures are shown, and not when they are decoded */
    bool avi;          /* has times of decoding only: others are made up by FFmpeg */
    bool mpegts;       /* packets of one size */
    bool numbers_only; /* tracks have a number and no more: of joined files, the first one's */
    bool utc;          /* its clock is the time of day */
    bool anew;         /* its clock may begin anew on the way (MPEG-TS) */
    bool untimed;      /* pictures have no times (raw streams): they are made up by FFmpeg */
};

struct bt_demux {
    char *path;
    AVFormatContext *format;
    int (*open)(AVFormatContext *, AVIOContext **, const char *, int, AVDictionary **);
    bool opened, names_others;   /* the one file that it may open; it wanted to open another */
    bool (*stopped)(void *user); /* or NULL: whether to end while it waits */
    void *user;
    int n_streams; /* that were known at the start */
    int n_video_tracks;
    AVStream *video;
    struct bt_demux_kind kind;
    AVRational rate;         /* pictures a second; 0/1 if not known */
    AVBSFContext *to_annexb; /* NULL for codecs other than H.264 and H.265 */
    AVPacket *early;         /* units without a picture, which belong to the next one; or NULL */
    AVPacket *ahead[BT_DEMUX_AHEAD]; /* were read to see what follows, and come next */
    int n_ahead, ahead_error;        /* what comes after them; or 0 */
    int64_t ahead_bytes;
    struct bt_timeline timeline;
    struct bt_sounds sounds;
    int64_t zero_us; /* the file's time that is 0 here */
    int64_t n_units;
    int64_t n_delivered;         /* packets of the video, whatever they were worth */
    int64_t last_shown_us;       /* of the video, the latest so far, on the file's clock */
    int64_t last_dts, last_step; /* of the video, in ticks of the file's clock; NOPTS: none */
    int64_t last_pos;            /* in the file, of the video; where the container tells */
    int64_t last_end_us;         /* of all packets, on the file's clock */
    uint64_t n_hidden, n_jumps, n_stood, n_stray, n_unreadable;
    uint64_t n_foreign; /* packets of the video without a picture, of long runs */
    int n_foreign_run;  /* the same, without one since */
    struct bt_orientation_message orientation;
    int64_t n_read;     /* packets of any track */
    int64_t damaged_at; /* the last of them that the container calls damaged, or NEVER */
    int64_t jumped_at;  /* the last at which the clock jumped, or NEVER */
    bool truncated, goes_on_elsewhere;
    const struct bauta_log *log;
};

struct bt_packet {
    AVPacket *av; /* with times that the time line has placed, in `tick` */
    AVRational tick;
    int stream; /* index in the container */
    bool video, hidden;
    struct bt_orientation_message orientation;
    int64_t unit;
    int64_t step; /* in ticks, behind the picture before it, where no time is told; else 0 */
    double seconds, stamp_s;
};

/* The packet that comes `i` after the next one, as the container has it; NULL if that is too far to
 * look, or the end. */
const AVPacket *bt_demux_peek(struct bt_demux *demux, int i);
/* The next packet of any track, as the container has it; FFmpeg's error, if there is none. */
int bt_demux_next(struct bt_demux *demux, AVPacket *av);
/* Notes a packet that came, before anything is done with it. */
void bt_demux_note_delivered(struct bt_demux *demux, const AVPacket *av);
/* Brings a packet's times onto the one time line. BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_place(struct bt_demux *demux, struct bt_packet *packet);
/* After a run of the video's packets without a picture: those that are no filler count as lost. */
void bt_demux_end_run(struct bt_demux *demux);
/* After the last packet, `error` being what FFmpeg gave for it: says what is to be said and decides
 * whether the file is whole. BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_end(struct bt_demux *demux, int error);
/* Makes the filter to Annex B again, for headers that may differ from the stream's own; after a
 * failure the old one stays. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_open_filter(struct bt_demux *demux,
                                                        const AVCodecParameters *parameters);
/* The second of several sample descriptions, say: the filter must put its parameter sets in.
 * BAUTA_ERR_MEMORY; what cannot be read only counts as damage. */
BAUTA_MUST_CHECK enum bauta_status bt_demux_take_headers(struct bt_demux *demux, AVPacket *av);
/* Puts a packet through the filter, which gives exactly one for one. FFmpeg's error. */
int bt_demux_filter_packet(const struct bt_demux *demux, AVPacket *av);

#endif
