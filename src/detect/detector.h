/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DETECTOR_H
#define BT_DETECTOR_H

#include <bauta/log.h>
#include <bauta/status.h>
#include <bauta/view.h>

#include "base/privacy.h"
#include "base/sighting.h"
#include "base/view.h"

/*
 * Bodies and faces in one picture, by two networks (NanoDet for bodies, FaceBoxes for faces, or
 * models that the user gives): on the whole picture and once more, enlarged, on the head area of
 * each body, where small faces become large enough to be seen. One thread at a time.
 */
struct bt_detector;

struct bt_detector_settings {
    const char *data_dir;   /* has lib/ and models/ */
    const char *body_model; /* file instead of the default, or NULL */
    const char *face_model;
    const char *body_family, *face_family; /* NULL: told from the outputs */
    int width, height;                     /* of the pictures as stored */
    struct bauta_view view;                /* how they are shown */
    bool faces;                            /* look for faces too; bodies are always looked for */
    int n_threads;
    /* Scores from which something counts. Bodies down to `weak_body` are given as well, for a
     * tracker to go on with; only those from `body` on have their heads looked at. */
    float body, weak_body, face, crop_face, sure_face;
    const struct bauta_log *log;
};

/* The operating point of docs/detection.md: recall first. */
void bt_detector_settings_init(struct bt_detector_settings *settings);

/* Loads runtime and models. BAUTA_ERR_DETECTOR with a sentence that names the file. */
BAUTA_MUST_CHECK enum bauta_status bt_detector_new(struct bt_detector **detector,
                                                   const struct bt_detector_settings *settings);
void bt_detector_free(struct bt_detector **detector);

/* How pictures are shown from now on. Loads the models once more if that changes their shape.
 * After a failure nothing is found until it is set again. */
BAUTA_MUST_CHECK enum bauta_status bt_detector_set_view(struct bt_detector *detector,
                                                        const struct bauta_view *view);

const struct bt_view *bt_detector_view(const struct bt_detector *detector);

/* Bodies first, best first; then faces; in shown pixels (base/view.h). BAUTA_ERR_DETECTOR; `found`
 * is then empty. */
BAUTA_MUST_CHECK enum bauta_status bt_detector_find(struct bt_detector *detector,
                                                    struct bt_detections *found,
                                                    const struct bt_clear *picture);

#endif
