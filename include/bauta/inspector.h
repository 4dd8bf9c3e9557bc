/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_INSPECTOR_H
#define BAUTA_INSPECTOR_H

#include <bauta/protector.h>
#include <bauta/run.h>

/* An inspector tells what a protected stream carries. It needs no key. */
struct bauta_inspector;

/* A stretch of time, seconds of presentation: from its first to its last picture. */
struct bauta_span {
    double first_s, last_s;
};

/* So long, in seconds, may a target be out of the pictures within one span. */
#define BAUTA_SPAN_GAP_S 0.5
/* A target's spans at most; what comes then is joined to the span next to it. */
enum { BAUTA_MAX_SPANS = 4096 };

/* One target and class, over the whole stream. */
struct bauta_target_summary {
    uint32_t target;
    enum bauta_class class_;
    double first_s, last_s; /* presentation times of its first and last picture, seconds; 0 if it
                               is in hidden ones only */
    uint64_t n_capsules, capsule_bytes;
    uint64_t n_missing; /* pictures in which it is hidden without a capsule */
    /* When it stands in pictures: by time, more than BAUTA_SPAN_GAP_S between two. */
    size_t n_spans;
    const struct bauta_span *spans; /* the inspector's memory */
};

struct bauta_inspection {
    uint64_t n_access_units, n_pictures; /* pictures: access units with a picture message */
    uint64_t n_hidden; /* access units that a file's edit list hides: they have no time */
    uint64_t n_epochs, n_damaged;          /* damaged: messages that could not be read */
    uint64_t stream_bytes, recovery_bytes; /* all access units; the SEI NAL units of ours in them */
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE]; /* of the first stream message */
    int n_streams; /* that follow one another: keys were changed, or files joined together */
    int n_runs;    /* of these (bauta/run.h): more than one if files were joined */
    enum bauta_codec object_codec; /* as the first stream message says */
    int n_recipients;
    uint8_t recipients[BAUTA_MAX_RECIPIENTS][BAUTA_KEY_ID_SIZE];
    size_t n_targets;
    const struct bauta_target_summary *targets; /* the inspector's memory, by target and class */
};

BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_inspector_new(struct bauta_inspector **inspector,
                                                                 enum bauta_codec codec);
BAUTA_API void bauta_inspector_free(struct bauta_inspector **inspector);

/* Takes one access unit (Annex B) that is shown at `time_s` seconds; NAN or infinite: it is there
 * to be decoded and never shown. One without a slice is no picture and counts in bytes only. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_inspector_collect(struct bauta_inspector *inspector, struct bauta_bytes au, double time_s);

/* What was found so far; views hold until the next call. */
BAUTA_API void bauta_inspector_result(struct bauta_inspector *inspector,
                                      struct bauta_inspection *inspection);

#endif
