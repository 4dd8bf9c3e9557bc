/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_DETECTOR_H
#define BAUTA_DETECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/find.h>
#include <bauta/log.h>
#include <bauta/picture.h>
#include <bauta/status.h>
#include <bauta/target.h>

/*
 * Detection apart from protecting, for who must not wait for it: a camera's process gives some of
 * its pictures to a detector and tells the protector what was found with
 * bauta_protector_look_with(), whenever it is.
 */

/* The most that is found in one picture. */
#define BAUTA_MAX_SIGHTS 1024

/* What a detector saw in one picture, without memory of others. `x`, `y` (top left corner), `w`,
 * `h` are in pixels of the picture as it is stored; a sight may reach over the picture's edge. */
struct bauta_sight {
    float x, y, w, h;
    enum bauta_class class_; /* BODY or FACE */
    float score;             /* 0 to 1 */
    bool sure;               /* of a FACE: so clear that its head need not be covered besides */
    int body;                /* of a FACE: index of the BODY whose head area holds it, or -1 */
};

/* Plain numbers: may be copied, also to another process. */
struct bauta_sights {
    int n_items;
    struct bauta_sight items[BAUTA_MAX_SIGHTS];
    int n_dropped; /* that found no place: the picture is hidden whole */
};

/*
 * A detector in a process of its own. That process has pictures and models, and neither keys nor
 * streams; whatever becomes of it, a network that crashes or never ends, the caller goes on and
 * sees that nothing was found in time. It is started again when it has ended, after pauses that
 * grow from a quarter of a second to ten. Used by one thread at a time.
 */
struct bauta_detector_process;

struct bauta_detector_process_settings {
    struct bauta_find_settings find; /* classes, data_dir, models, threads, scores and view */
    int width, height;               /* of the pictures, in pixels, even */
    const char *program; /* of the process; NULL: $BAUTA_DETECTOR, then the built-in place */
    int64_t patience_ms; /* a picture that takes longer ends the process; default 5 s */
    const struct bauta_log *log;         /* borrowed for the detector's life; may be NULL */
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

BAUTA_API void
bauta_detector_process_settings_init(struct bauta_detector_process_settings *settings);

/* BAUTA_ERR_DETECTOR: the program is not there. What its process lacks (a model) shows later. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_detector_process_new(struct bauta_detector_process **detector,
                           const struct bauta_detector_process_settings *settings);
BAUTA_API void bauta_detector_process_free(struct bauta_detector_process **detector);

/* Whether it could take a picture now. Starts the process again where that is due; never waits. */
BAUTA_API bool bauta_detector_process_ready(struct bauta_detector_process *detector);
/* The same, waiting for it `timeout_ms` at most: for who needs every picture looked at, as a
 * process takes a moment to load its models. */
BAUTA_API bool bauta_detector_process_wait_ready(struct bauta_detector_process *detector,
                                                 int timeout_ms);

/* How pictures are shown from the next one on that is given (settings.find.view before that). A
 * turn by 90 degrees takes longer: models are loaded for the other shape. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_detector_process_set_view(struct bauta_detector_process *detector,
                                const struct bauta_view *view);

/* Copies `picture`, shown at `pts` microseconds, and sets the process to work on it.
 * BAUTA_ERR_LIMIT: it is not ready. Never waits. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_detector_process_give(struct bauta_detector_process *detector,
                            const struct bauta_picture *picture, int64_t pts);

/*
 * What was found in the picture that was given, waiting `timeout_ms` for it at most (0: not at all,
 * negative: as long as the process is patient). BAUTA_ERR_NOT_FOUND: nothing yet, or nothing was
 * given; BAUTA_ERR_DETECTOR: this picture will never be answered: the process ended, or could not
 * look. `*pts` is that of the picture also then. The sights are as the process said them:
 * bauta_protector_look_with() checks them.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_detector_process_take(struct bauta_detector_process *detector, struct bauta_sights *sights,
                            int64_t *pts, int timeout_ms);

/* Number of the process, for who watches it; 0 if there is none now. */
BAUTA_API int bauta_detector_process_id(const struct bauta_detector_process *detector);
/* How often it was started again. */
BAUTA_API uint64_t bauta_detector_process_restarts(const struct bauta_detector_process *detector);

/* What the program of that process runs: answers what comes over `socket` until it is closed.
 * Returns an exit status. */
BAUTA_API int bauta_detector_process_serve(int socket);

#endif
