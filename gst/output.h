/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <gst/video/video.h>

#include "session.h"

G_BEGIN_DECLS
#define BAUTA_TYPE_PROTECT_PAD (bauta_protect_pad_get_type())
G_DECLARE_FINAL_TYPE(BautaProtectPad, bauta_protect_pad, BAUTA, PROTECT_PAD, GstPad)
G_END_DECLS

/*
 * A source pad of bautaprotect. "src" gives the pictures as they came, but masked; a "sub_%u" gives
 * smaller ones, perhaps fewer, which show what "src" shows. It answers bautaattach's question with
 * its session.
 */
struct output_options {
    int recovery; /* enum recovery; of "src" the element's property counts */
    int recovery_qp;
};

struct _BautaProtectPad {
    GstPad parent;
    struct output_options options; /* under the pad's object lock */
    struct session *session;
    uint64_t n_pictures; /* pushed; under the pad's object lock */
    /* Of the streaming thread. */
    bool negotiated;
    GstVideoInfo info;
    GstBufferPool *pool;
    GstVideoConverter *scaler; /* NULL: "src" */
    int64_t interval_us;       /* at least so much between two pictures; 0: all */
    int64_t next_us;           /* running time of the next picture, if there is an interval */
};

/* Whether its numbers may be so; if not, `element` has posted an error. */
bool output_check(BautaProtectPad *output, GstElement *element);
/* Settles the pictures' size and rate with who is downstream, and sends the caps. `main`: what
 * comes in. If they are others than before, the session's protector is finished. Whether it could.
 */
bool output_negotiate(BautaProtectPad *output, const GstVideoInfo *main);
/* Memory for one picture, with nothing in it; NULL: there is none. */
GstBuffer *output_new_picture(BautaProtectPad *output);
/* Scales `clear` into a new picture, as clear as that. NULL: it failed. */
GstBuffer *output_scale(BautaProtectPad *output, const GstVideoFrame *clear);
/* Scales `picture` into `small`, a picture of this output. False: it failed. */
bool output_scale_into(BautaProtectPad *output, GstBuffer *small, const GstVideoFrame *picture);
/* What hides in the small picture what `report` hides in the one of size `main`; room for
 * BAUTA_MAX_REGIONS. Gives their number. */
int output_scale_regions(struct bauta_region *regions, const BautaProtectPad *output,
                         const struct bauta_mask_report *report);
/* Whether a picture of this time is one of those that it sends. */
bool output_wants(BautaProtectPad *output, int64_t running_us);
/* Ends what belongs to a stream of pictures: before new caps, and at the end. */
void output_reset(BautaProtectPad *output);

/* A pool of pictures. NULL: it failed. */
GstBufferPool *output_new_pool(const GstVideoInfo *info, GstCaps *caps);

#endif
