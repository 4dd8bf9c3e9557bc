/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>

#include <gst/gst.h>

#include <bauta/protector.h>

#include "recipients.h"

/*
 * What bautaprotect, which masks pictures, and bautaattach, behind the encoder, have in common: one
 * session for each source pad. It holds the protector, and a new one after each change of format,
 * flush or restart, with the old one until its last access units have come out of the encoder.
 * Counted, and for any thread; the protector's one-thread rule is kept by its lock.
 *
 * A picture has two times: `pts`, which the protector knows it by and which only grows, and
 * `running_us`, its running time, by which it is known again behind the encoder.
 */
struct session;

struct session_counts {
    uint64_t n_access_units, stream_bytes, recovery_bytes;
    uint64_t n_not_key; /* access units at which an epoch begins and that decode not alone */
};

struct session *session_new(void);
struct session *session_ref(struct session *session);
void session_unref(struct session **session); /* sets NULL */

/* A new protector, which keeps copies: settings->object_codec, the recipients, the signing key and
 * the log are set here; other texts and areas are borrowed for as long as it masks. */
BAUTA_MUST_CHECK enum bauta_status session_begin(struct session *session,
                                                 const struct bauta_protector_settings *settings,
                                                 const struct bauta_object_codec *object_codec,
                                                 struct recipients *recipients);
/* Whether there is a protector that can mask. */
bool session_has_begun(struct session *session);
/* No picture follows those that were masked, in this run. */
void session_finish(struct session *session);
/* Nothing that was masked until now will come out of the encoder. */
void session_forget(struct session *session);

/* As those of a protector. */
BAUTA_MUST_CHECK enum bauta_status session_set_view(struct session *session,
                                                    const struct bauta_view *view);
BAUTA_MUST_CHECK enum bauta_status session_look(struct session *session,
                                                const struct bauta_picture *picture, int64_t pts,
                                                const struct bauta_sights *sights,
                                                int64_t sights_pts);
BAUTA_MUST_CHECK enum bauta_status session_mask(struct session *session,
                                                struct bauta_mask_report *report,
                                                struct bauta_picture *picture, int64_t pts,
                                                int64_t running_us);
BAUTA_MUST_CHECK enum bauta_status
session_mask_regions(struct session *session, struct bauta_mask_report *report,
                     struct bauta_picture *picture, int64_t pts, int64_t running_us,
                     const struct bauta_region *regions, int n_regions);

/*
 * A new buffer like `in`, one access unit, with its picture's capsules. BAUTA_ERR_NOT_FOUND: no
 * picture with that running time, give or take a microsecond, was masked.
 */
BAUTA_MUST_CHECK enum bauta_status session_attach(struct session *session, GstBuffer **out,
                                                  GstBuffer *in, int64_t running_us,
                                                  enum bauta_codec codec);
/* Whether access units should be held back until the next one has come. */
bool session_signs(struct session *session);
void session_tell(struct session *session, struct session_counts *counts);

/* Asks upstream of `sink_pad` for its session; NULL: nobody answers. Counted. */
struct session *session_ask(GstPad *sink_pad);
/* Whether `query` is that question; then it is answered. */
bool session_answer(GstQuery *query, struct session *session);

#endif
