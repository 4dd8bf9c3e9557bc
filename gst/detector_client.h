/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DETECTOR_CLIENT_H
#define DETECTOR_CLIENT_H

#include <bauta/detector.h>

/* The detector's process, with what is told of it. One thread; the numbers are read by others,
 * under a lock of the owner's. */
struct detector_counts {
    uint64_t n_given, n_answered, n_late, n_failures, n_restarts;
    int process_id;       /* 0: none now */
    double rate;          /* answers a second, over the last five */
    double detection_ms;  /* from giving a picture to its answer, mean of the last ones */
    int64_t answered_pts; /* of the last picture that was answered */
};

enum { DETECTOR_CLIENT_ANSWERS = 256, DETECTOR_CLIENT_MEAN = 16 };

struct detector_client {
    struct bauta_detector_process *process;
    bool busy;        /* a picture was given, and its answer not taken */
    bool unwanted;    /* that answer tells of another run */
    bool hopeless;    /* waited for it in vain; no more before it is ready */
    int64_t pts;      /* of the picture given last */
    int64_t given_us; /* when, on the monotonic clock */
    int64_t answers_us[DETECTOR_CLIENT_ANSWERS]; /* when answers came, a ring of n_answered */
    double spent_ms[DETECTOR_CLIENT_MEAN];
    struct detector_counts counts;
};

/* Starts the process for pictures of this size. `program` NULL: the usual one. */
BAUTA_MUST_CHECK enum bauta_status detector_client_open(struct detector_client *detector,
                                                        const struct bauta_find_settings *find,
                                                        int width, int height, const char *program,
                                                        const struct bauta_log *log);
/* What it is at work on is not wanted any more. */
void detector_client_forget(struct detector_client *detector);
void detector_client_close(struct detector_client *detector);

/* Gives it a picture, and how that is shown; with `wait` after waiting, perhaps long, until it can
 * take one. Whether it took it. */
bool detector_client_give(struct detector_client *detector, const struct bauta_picture *picture,
                          int64_t pts, const struct bauta_view *view, bool wait);
/* As bauta_detector_process_take(). */
BAUTA_MUST_CHECK enum bauta_status detector_client_take(struct detector_client *detector,
                                                        struct bauta_sights *sights, bool wait);
/* The counts as of now. */
void detector_client_tell(struct detector_client *detector);

#endif
