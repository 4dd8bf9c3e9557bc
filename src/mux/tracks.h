/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TRACKS_H
#define BT_TRACKS_H

#include "mux/container.h"

struct bt_mux_settings;

/* The tracks of the input that an output copies, sound and subtitles. Start from `{0}`. */
struct bt_tracks {
    int *index_of; /* of each stream of the input: its index in the output, -1 if not copied */
    int n_streams; /* of the input, when it was opened */
    bool late_said, refused_said;
};

/* Whether the output will have this track of the input. */
bool bt_tracks_carries(const AVStream *track, const struct bt_mux_settings *settings);

/* Adds a stream to `out` for each track that is wanted and that the container can hold, and says
 * which sound it cannot. */
BAUTA_MUST_CHECK enum bauta_status bt_tracks_add(struct bt_tracks *tracks, AVFormatContext *out,
                                                 const struct bt_mux_settings *settings);
void bt_tracks_clear(struct bt_tracks *tracks);

/* Where a packet of this stream goes; -1: nowhere. A stream that was not there at the beginning is
 * told once. */
int bt_tracks_find(struct bt_tracks *tracks, int stream, const struct bt_mux_settings *settings);
/* From now on its packets go nowhere, as the container refused one with this error of FFmpeg. */
void bt_tracks_drop(struct bt_tracks *tracks, int index, int error,
                    const struct bt_mux_settings *settings);

/* False of what the muxer of MP4 and MOV refuses only when all is written, which would end the run:
 * a packet of AC-3 that is something else, as E-AC-3 that the container calls AC-3 (NUT). */
bool bt_tracks_suits(const AVFormatContext *out, const AVPacket *packet);

/* Takes the header off a packet of AAC (ADTS, ISO/IEC 14496-3, 1.A.2.2), where the container tells
 * the same at its beginning. */
void bt_tracks_strip(const AVFormatContext *out, AVPacket *packet);

#endif
