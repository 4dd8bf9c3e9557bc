/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORDER_H
#define RECORDER_H

#include "base/log.h"
#include "config/config.h"
#include "stream/hub.h"
#include "stream/stats.h"

/*
 * Writes what a hub gives into segments, DIRECTORY/CAMERA-20261125T130000Z.mp4, named after the
 * time of the first picture and called .part until they are closed; each begins at a random access
 * point. When a file cannot be written it tries a new one every ten seconds; the camera never waits
 * for it.
 */
struct recorder;

/* Borrows everything. */
struct recorder *recorder_new(const struct camera_config *config, struct hub *hub,
                              struct stats *stats, const struct log *log);
/* To be called now and then: closes a segment that nothing more has come for. */
void recorder_tick(struct recorder *recorder);
/* Writes what is still queued, closes the segment and frees everything; some seconds at most. */
void recorder_free(struct recorder *recorder);

#endif
