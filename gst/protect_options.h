/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTECT_OPTIONS_H
#define PROTECT_OPTIONS_H

#include <bauta/protector.h>

#include "options.h"

/* bautaprotect's properties. */
struct protect_options {
    char *recipients, *signing_key, *signing_passphrase_file;
    int mask, style, blocks;
    double epsilon;
    char *always, *never;
    int hold_ms;
    double face_score, body_score, face_padding, body_padding;
    char *body_model, *face_model, *data_dir, *detector_program;
    int detector_threads, detect_every, lookahead_ms, longest_gap_ms, realtime;
    int epoch_ms, rotate_s;
    int recovery, recovery_qp, object_codec;
    char *recovery_preset;
    int utc;
    int turn; /* degrees, or TURN_AUTO */
    char *aspect;
    int keep_tags;
};

extern const struct option protect_option_table[];
extern const guint protect_n_options;

/* Areas of the picture, out of a property's text. */
struct protect_areas {
    struct bauta_rect always[BAUTA_MAX_AREAS], never[BAUTA_MAX_AREAS];
    int n_always, n_never;
};

/* Reads `always` and `never`, "X,Y,W,H;X,Y,W,H". False: one makes no sense. */
bool protect_areas_read(struct protect_areas *areas, const struct protect_options *options);

/* The shape of a pixel by `aspect`, "W:H"; none if that is not set. False: it makes no sense. */
bool protect_aspect_read(struct bauta_view *pixels, const struct protect_options *options);

/* What is found and how it is hidden. Strings and areas are borrowed. `lookahead` in pictures. */
void protect_options_apply(struct bauta_protector_settings *settings,
                           const struct protect_options *options, const struct protect_areas *areas,
                           int lookahead);
/* How originals are kept; one of these for each output. */
void protect_options_codec(struct bauta_object_codec *codec, const struct protect_options *options,
                           int recovery, int qp, bool full_range);

#endif
