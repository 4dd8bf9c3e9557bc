/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_FIND_H
#define BAUTA_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/picture.h>
#include <bauta/status.h>
#include <bauta/target.h>
#include <bauta/view.h>

/* What holds for one class of sights. */
struct bauta_class_settings {
    /* From which a sight counts, 0 to 1: lower finds more people and more false ones. */
    float score;
    float padding; /* share of its width and height by which a mask is larger on each side */
};

/*
 * How people are found, for a protector as for a whole file. Start from bauta_find_settings_init():
 * the defaults are the operating point that docs/detection.md measures. Strings and rectangles are
 * borrowed for as long as what they are given to lives.
 */
struct bauta_find_settings {
    unsigned classes;     /* what to hide: BAUTA_MASK_FACE, _BODY or _BOTH (default) */
    const char *data_dir; /* folder of lib/ and models/; NULL: $BAUTA_DATA, then the built-in one */
    const char *body_model; /* ONNX file instead of the default model, or NULL */
    const char *face_model;
    const char *body_family; /* "nanodet", "yolox", ...; NULL: told from the model's outputs */
    const char *face_family;
    int threads; /* of the networks; default 1 */
    /* A network that cannot be loaded is an error (default), or everything is masked; so is then
     * every picture on which one fails at work. */
    bool mask_all_without_detector;
    /*
     * Pictures that are looked at before one is decided, so that a mask begins before the first
     * sight, gaps are bridged, and what was no person is told apart. It delays what comes out by as
     * many pictures. 0: none, the default of a protector; negative: as many as a second has and as
     * four looks take, the default for files. With 0 everybody is hidden from the first sight on,
     * so the masked area is larger.
     */
    int lookahead;
    int detect_every; /* look at one picture in so many and predict between; default 1; 0: as often
                         as keeps up with real time, twice a second at least (only for files) */
    struct bauta_class_settings face, body;
    float weak_body_score; /* from which a sight of a body carries on one that is followed */
    int64_t hold_us;       /* how long a mask stays after the last sight, microseconds */
    /* What is found comes from the caller, by bauta_protector_look_with(), and no model is loaded;
     * only of a protector. Default false. */
    bool external;
    /* With `external`: a picture that lies further from every picture that was looked at is hidden
     * whole, for nobody knows who came in between; microseconds, default 300 ms. What was looked at
     * later counts if it is known when the picture is masked (`lookahead`). */
    int64_t longest_gap_us;
    /* How a player shows the pictures: people are looked for as it shows them, while areas and
     * regions are in stored pixels. For whole files: on top of what the file says, so that a turn
     * is for a camera that was mounted turned without a word, and a pixel's shape for a recorder
     * that tells none. */
    struct bauta_view view;
    const struct bauta_rect *always; /* areas that are hidden in every picture: a window, a desk */
    int n_always;                    /* at most BAUTA_MAX_AREAS */
    /* Areas in which nobody who appears is hidden: a poster with faces. Whoever comes from outside
     * stays hidden. A sight counts as inside when four fifths of it are. */
    const struct bauta_rect *never;
    int n_never;                         /* at most BAUTA_MAX_AREAS */
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

enum { BAUTA_MAX_AREAS = 32 };

BAUTA_API void bauta_find_settings_init(struct bauta_find_settings *settings);

#endif
