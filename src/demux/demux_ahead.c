/* SPDX-License-Identifier: Apache-2.0 */
/* Packets that are read to see what follows, and come next. */
#include "demux/demux_state.h"

#include <string.h>

enum { MOST_AHEAD_BYTES = 16 << 20 };

/* What ends the file is kept for who reads on: not every demuxer meets it again. */
static bool read_ahead(struct bt_demux *d)
{
    AVPacket *av = NULL;
    if (d->n_ahead < BT_DEMUX_AHEAD && d->ahead_bytes < MOST_AHEAD_BYTES && !d->ahead_error)
        av = av_packet_alloc();
    if (!av)
        return false;
    int error = av_read_frame(d->format, av);
    if (error < 0) {
        d->ahead_error = error;
        av_packet_free(&av);
        return false;
    }
    d->ahead[d->n_ahead++] = av;
    d->ahead_bytes += av->size;
    return true;
}

const AVPacket *bt_demux_peek(struct bt_demux *d, int i)
{
    return i < d->n_ahead || read_ahead(d) ? d->ahead[i] : NULL;
}

int bt_demux_next(struct bt_demux *d, AVPacket *av)
{
    if (d->n_ahead == 0 && d->ahead_error) {
        int error = d->ahead_error;
        d->ahead_error = 0;
        return error;
    }
    if (d->n_ahead == 0)
        return av_read_frame(d->format, av);
    AVPacket *next = d->ahead[0];
    memmove(d->ahead, d->ahead + 1, (size_t)--d->n_ahead * sizeof(AVPacket *));
    d->ahead_bytes -= next->size;
    av_packet_move_ref(av, next);
    av_packet_free(&next);
    return 0;
}
