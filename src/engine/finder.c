/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/finder.h"

#include <stdlib.h>

#include "detect/detector.h"
#include "track/tracker.h"

struct bt_finder {
    struct bt_detector *detector;
    struct bt_tracker *tracker;
    struct bt_detections found; /* in the picture at hand */
};

/* Where runtime and models are: as told, else by the environment,
 * else where they were installed. */
static const char *find_data(const struct bauta_protector_settings *settings)
{
    const char *from_environment = getenv("BAUTA_DATA");
    if (settings->data_dir)
        return settings->data_dir;
    return from_environment && *from_environment ? from_environment : BT_DATA_DIR;
}

enum bauta_status bt_finder_new(struct bt_finder **finder,
                                const struct bauta_protector_settings *settings)
{
    *finder = NULL;
    struct bt_finder *f = calloc(1, sizeof(*f));
    if (!f)
        return BAUTA_ERR_MEMORY;
    struct bt_detector_settings d;
    bt_detector_settings_init(&d);
    d.data_dir = find_data(settings);
    d.body_model = settings->body_model;
    d.face_model = settings->face_model;
    d.width = settings->width;
    d.height = settings->height;
    d.faces = (settings->classes & BAUTA_MASK_FACE) != 0;
    d.n_threads = settings->detector_threads;
    d.log = settings->log;
    struct bt_tracker_settings t;
    bt_tracker_settings_init(&t, settings->width, settings->height);
    t.classes = settings->classes;
    t.begin = d.body;

    enum bauta_status status = bt_detector_new(&f->detector, &d);
    if (!status)
        status = bt_tracker_new(&f->tracker, &t);
    if (status)
        bt_finder_free(&f);
    *finder = f;
    return status;
}

void bt_finder_free(struct bt_finder **finder)
{
    struct bt_finder *f = *finder;
    if (!f)
        return;
    bt_detector_free(&f->detector);
    bt_tracker_free(&f->tracker);
    free(f);
    *finder = NULL;
}

enum bauta_status bt_finder_find(struct bt_finder *f, struct bt_sightings *sightings,
                                 const struct bt_clear *picture, int64_t pts_us)
{
    enum bauta_status status = bt_detector_find(f->detector, &f->found, picture);
    bt_tracker_look(f->tracker, status ? NULL : &f->found, pts_us);
    bt_tracker_give(f->tracker, sightings);
    return status;
}
