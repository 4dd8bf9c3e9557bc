/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DETECTOR_RUNNER_H
#define BT_DETECTOR_RUNNER_H

#include <bauta/detector.h>

/* A detector apart from tracking. */
struct bt_detector;

/* The detector that `settings` ask for, for pictures of `width` x `height`. BAUTA_ERR_DETECTOR,
 * having said why. */
BAUTA_MUST_CHECK enum bauta_status
bt_detector_runner_open(struct bt_detector **detector, const struct bauta_find_settings *settings,
                        int width, int height, const struct bauta_log *log);
void bt_detector_runner_close(struct bt_detector **detector);
/* How pictures are shown from now on; sound. */
BAUTA_MUST_CHECK enum bauta_status bt_detector_runner_set_view(struct bt_detector *detector,
                                                               const struct bauta_view *view);
/* In stored pixels. BAUTA_ERR_DETECTOR; `sights` is then empty. */
BAUTA_MUST_CHECK enum bauta_status bt_detector_runner_find(struct bt_detector *detector,
                                                           struct bauta_sights *sights,
                                                           const struct bauta_picture *picture);

#endif
