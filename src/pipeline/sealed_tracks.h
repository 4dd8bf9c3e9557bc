/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SEALED_TRACKS_H
#define BT_SEALED_TRACKS_H

#include <bauta/log.h>
#include <bauta/status.h>

/* BAUTA_ERR_UNSUPPORTED, having said so: a video track of the file holds sealed originals, which
 * `track` (from 1; 0: none) does not count for. Reads the file once for each of `n_tracks`; of
 * standard input it cannot, and says nothing. */
BAUTA_MUST_CHECK enum bauta_status bt_sealed_tracks_refuse(const char *path, int n_tracks,
                                                           int track, const struct bauta_log *log);

#endif
