/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECTOR_H
#define COLLECTOR_H

#include <stdbool.h>

#include <gst/gst.h>

#include "reader.h"

/*
 * What bautacollect, before the decoder, and bautarecover, behind it, have in common: the restorer.
 * Access units that come before bautarecover has said who reads are kept for it, so many at most.
 * Counted, and for any thread. Pictures are named by their running time in microseconds.
 */
struct collector;

struct collector *collector_new(void);
struct collector *collector_ref(struct collector *collector);
void collector_unref(struct collector **collector); /* sets NULL */

/* The stream that comes is coded so; what was collected of another is forgotten. */
void collector_set_codec(struct collector *collector, enum bauta_codec codec);
/* Takes what an access unit carries. */
void collector_collect(struct collector *collector, GstBuffer *unit, int64_t running_us);
/* Forgets all that was collected: after a flush. */
void collector_forget(struct collector *collector);

/* Who reads from now on, counted; NULL: nobody. */
void collector_set_reader(struct collector *collector, struct reader *reader);
/* As bauta_restorer_reveal(). BAUTA_ERR_ARGUMENT also when nobody reads. */
BAUTA_MUST_CHECK enum bauta_status collector_reveal(struct collector *collector,
                                                    struct bauta_reveal_report *report,
                                                    struct bauta_picture *picture,
                                                    int64_t running_us);

/* As bauta_restorer_stream_id(); also before it is known who reads, for it takes no key. */
bool collector_stream_id(struct collector *collector, uint8_t stream_id[BAUTA_STREAM_ID_SIZE]);

/* Asks upstream of `sink_pad` for its collector; NULL: nobody answers. Counted. */
struct collector *collector_ask(GstPad *sink_pad);
/* Whether `query` is that question; then it is answered. */
bool collector_answer(GstQuery *query, struct collector *collector);

#endif
