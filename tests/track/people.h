/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_PEOPLE_H
#define BT_TESTS_PEOPLE_H

#include "check.h"

#include "track/tracker.h"

/* Made-up people for the tracker's tests: 10 pictures a second of 640 x 480 pixels. */
enum { WIDTH = 640, HEIGHT = 480, STEP_US = 100000 };

struct scene {
    struct bt_tracker *tracker;
    struct bt_tracker_settings settings;
    struct bt_detections found; /* fill, then scene_step() */
    struct bt_sightings out;
    int64_t pts_us;
};

/* Settings are the defaults; `classes` is what to give. */
void scene_open(struct scene *scene, unsigned classes);
/* The same; scene_step() gives the picture of `lookahead` steps before, once there is one. */
void scene_open_ahead(struct scene *scene, unsigned classes, int lookahead);
void scene_close(struct scene *scene);
void scene_add_body(struct scene *scene, float x, float y, float score); /* 40 x 120 pixels */
void scene_add_face(struct scene *scene, struct bt_box box, int body, bool sure);
/* One picture on: what was added is found in it, or nobody looked. */
void scene_step(struct scene *scene);
void scene_step_blind(struct scene *scene);
/* `n` pictures with one standing body at x, y and score 0.8. */
void scene_stand(struct scene *scene, float x, float y, int n);
/* The region of that class and target (0: any), or NULL. */
const struct bt_sighting *scene_find(const struct scene *scene, enum bauta_class class_,
                                     uint32_t target);
/* The target whose body holds this point; 0: none or more than one. */
uint32_t scene_who_is_at(const struct scene *scene, float x, float y);
bool box_holds(struct bt_box outer, struct bt_box inner);

#endif
