/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HEALTH_H
#define HEALTH_H

#include "config/config.h"
#include "stream/stats.h"

/* What is wrong with a camera, as bits. */
enum health_problem {
    HEALTH_SOURCE = 1,   /* no picture leaves */
    HEALTH_DETECTOR = 2, /* nothing is detected: all is masked, by grown regions or whole */
    HEALTH_RECORDER = 4, /* nothing is written though it should be */
};

struct health_camera {
    const struct camera_config *config; /* borrowed */
    struct stats_values values;
};

/* The problems of one camera; `now_us` is monotonic time. One that just came into its state is
 * given some seconds for detector and recorder. */
unsigned health_problems(const struct health_camera *camera, gint64 now_us);
/* Appends a JSON object with an entry for each camera; true if there is no problem anywhere. */
bool health_write(GString *text, const struct health_camera *cameras, int n_cameras, gint64 now_us);

#endif
