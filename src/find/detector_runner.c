/* SPDX-License-Identifier: Apache-2.0 */
#include "find/detector_runner.h"

#include <math.h>
#include <stdlib.h>

#include "detect/detector.h"
#include "find/sights.h"

/* Where runtime and models are: as told, else by the environment,
 * else where they were installed. */
static const char *find_data(const struct bauta_find_settings *settings)
{
    const char *from_environment = getenv("BAUTA_DATA");
    if (settings->data_dir)
        return settings->data_dir;
    return from_environment && *from_environment ? from_environment : BT_DATA_DIR;
}

enum bauta_status bt_detector_runner_open(struct bt_detector **detector,
                                          const struct bauta_find_settings *s, int width,
                                          int height, const struct bauta_log *log)
{
    struct bt_detector_settings d;
    bt_detector_settings_init(&d);
    d.data_dir = find_data(s);
    d.body_model = s->body_model;
    d.face_model = s->face_model;
    d.body_family = s->body_family;
    d.face_family = s->face_family;
    d.width = width;
    d.height = height;
    d.view = s->view;
    d.faces = (s->classes & BAUTA_MASK_FACE) != 0;
    d.n_threads = s->threads;
    d.crop_face += s->face.score - d.face;
    d.face = s->face.score;
    d.body = s->body.score;
    d.weak_body = fminf(s->weak_body_score, s->body.score);
    d.log = log;
    return bt_detector_new(detector, &d);
}

void bt_detector_runner_close(struct bt_detector **detector)
{
    bt_detector_free(detector);
}

enum bauta_status bt_detector_runner_set_view(struct bt_detector *detector,
                                              const struct bauta_view *view)
{
    return bt_detector_set_view(detector, view);
}

enum bauta_status bt_detector_runner_find(struct bt_detector *detector, struct bauta_sights *sights,
                                          const struct bauta_picture *picture)
{
    const struct bt_clear clear = {*picture};
    struct bt_detections found;
    enum bauta_status status = bt_detector_find(detector, &found, &clear);
    bt_sights_store(&found, bt_detector_view(detector));
    bt_sights_from(sights, &found);
    return status;
}
