/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_CONTAINER_H
#define BT_CONTAINER_H

#include "demux/ffmpeg.h"

/* A kind of output file. */
struct bt_container {
    const char *name, *muxer; /* as a file's name ends; as FFmpeg says */
    enum bauta_codec codec;   /* raw streams: the only codec they hold; OTHER: any */
};

/* The one that `format` names or, if that is NULL, that `path` ends in; NULL: none of these. */
const struct bt_container *bt_container_find(const char *path, const char *format);

/* Makes the context of an output of that kind; negative: FFmpeg's error. */
BAUTA_MUST_CHECK int bt_container_new(AVFormatContext **format, const char *muxer);

/* Opens it: the header is written, or waits for the first packets. `seekable`: not a pipe. */
BAUTA_MUST_CHECK int bt_container_begin(AVFormatContext *format, bool seekable);

/* Whether it can say that pictures are shown turned or mirrored. */
bool bt_container_tells_turns(const struct bt_container *container);

/*
 * Whether a container can carry a track. The muxer is asked by doing it: the header is written to
 * memory and read back, as muxers write what nobody can read (MPEG-TS any codec, as private data).
 */
bool bt_container_holds(const struct bt_container *container, const AVStream *track);

/* What a container gives back of the tags of a file and of its tracks, of which only the keys are
 * worth something, and whether of chapters. */
struct bt_container_words {
    AVDictionary *file, *track;
    bool chapters;
};
/* Of what `out` says: tried, likewise. Clear `words`. */
void bt_container_tell(struct bt_container_words *words, const struct bt_container *container,
                       const AVFormatContext *out);
void bt_container_words_clear(struct bt_container_words *words);

/* The names of those that can, "mkv, mov"; empty if none can. */
void bt_container_name_others(char *names, size_t size, const AVStream *track);

#endif
