/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMERA_H
#define CAMERA_H

#include "base/log.h"
#include "config/config.h"
#include "stream/hub.h"
#include "stream/stats.h"

/*
 * One camera: runs its pipeline, starts it again after faults, and gives what leaves it, all
 * masked, to hubs. Methods are for the main thread; getters for any.
 */
struct camera;

/* Borrows `config` for the camera's life. Starts at once; faults show in stats and log. */
struct camera *camera_new(const struct camera_config *config, const struct log *log);
/* Begins to end: what was taken in still leaves. Returns at once, so that several can end together;
 * only camera_free() may follow. */
void camera_stop(struct camera *camera);
/* Waits until all has left and the recorder has closed its file, for some seconds at most, and
 * frees everything. */
void camera_free(struct camera *camera);

const struct camera_config *camera_config(const struct camera *camera);
struct stats *camera_stats(struct camera *camera);
/* NULL if there is no such stream. */
struct hub *camera_hub(struct camera *camera, enum stream stream);
/* The last masked picture as JPEG, or NULL if there is none younger than `max_age_us`; the caller
 * unrefs it. */
GBytes *camera_snapshot(struct camera *camera, gint64 max_age_us);
/* Whether its threads answered lately: part of the watchdog. */
bool camera_alive(struct camera *camera);
/* Size and rate of a stream as far as known; false if it has not run yet. */
bool camera_stream_info(struct camera *camera, enum stream stream, int *width, int *height,
                        double *rate, bool *h265);

#endif
