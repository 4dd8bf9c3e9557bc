/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detector.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/frame.h"
#include "base/log.h"
#include "base/setting.h"
#include "detect/fuse.h"
#include "detect/model.h"

struct bt_detector {
    struct bt_detector_settings settings;
    struct bt_view view;
    struct bt_frame upright; /* the picture at hand, turned; no memory where none needs to be */
    struct bt_runtime *runtime;
    struct bt_model *body, *face, *crop_face;
    struct bt_sampler sampler;
    struct bt_candidates bodies, faces, crop; /* of the picture at hand */
};

void bt_detector_settings_init(struct bt_detector_settings *settings)
{
    *settings = (struct bt_detector_settings){
        .faces = true,
        .n_threads = (int)bt_setting_standard(BAUTA_SETTING_DETECTOR_THREADS),
        .body = bt_setting_standard(BAUTA_SETTING_BODY_SCORE),
        .weak_body = 0.1f,
        .face = bt_setting_standard(BAUTA_SETTING_FACE_SCORE),
        .crop_face = 0.5f,
        .sure_face = 0.75f};
}

/* Pixels; in a smaller one a face has less than about 16 and FaceBoxes sees noise
 * (docs/detection.md). */
static const float least_head_area = 48.0f;

/* Loads the model that the user gives as `file`, or else the one called `name`. */
static enum bauta_status load(struct bt_detector *d, struct bt_model **model, const char *file,
                              const char *name, struct bt_model_settings m)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/models/%s", d->settings.data_dir, name);
    m.path = file ? file : path;
    m.n_threads = d->settings.n_threads;
    m.log = d->settings.log;
    return bt_model_load(model, d->runtime, &m);
}

/* The input size for a picture whose longer side becomes `longest`. */
static void choose_size(struct bt_model_settings *m, const struct bt_view *v, float longest)
{
    int width = v->shown_width, height = v->shown_height;
    float ratio = longest / (float)(width > height ? width : height);
    m->width = (int)ceilf((float)width * ratio);
    m->height = (int)ceilf((float)height * ratio);
}

static bool is_small(const struct bt_detector *d)
{
    return d->view.shown_width <= 800 && d->view.shown_height <= 800;
}

/* 608 pixels for small pictures, where enlarging more costs precision, 960 for large ones
 * (measured: docs/detection.md). */
static enum bauta_status load_body(struct bt_detector *d)
{
    const struct bt_detector_settings *s = &d->settings;
    struct bt_model_settings m = {.class_ = BAUTA_CLASS_BODY, .family = s->body_family};
    choose_size(&m, &d->view, is_small(d) ? 608.0f : 960.0f);
    return load(d, &d->body, s->body_model, "nanodet_int8.onnx", m);
}

static enum bauta_status load_faces(struct bt_detector *d)
{
    const struct bt_detector_settings *s = &d->settings;
    const struct bt_view *v = &d->view;
    int longer = v->shown_width > v->shown_height ? v->shown_width : v->shown_height;
    struct bt_model_settings m = {.class_ = BAUTA_CLASS_FACE, .family = s->face_family};
    choose_size(&m, v, (float)(longer < 1280 ? longer : 1280));
    enum bauta_status status =
        load(d, &d->face, s->face_model,
             is_small(d) ? "faceboxes_576x768.onnx" : "faceboxes_768x1280.onnx", m);
    m = (struct bt_model_settings){.class_ = BAUTA_CLASS_FACE};
    return status ? status : load(d, &d->crop_face, NULL, "faceboxes_256x256.onnx", m);
}

static void unload(struct bt_detector *d)
{
    bt_model_free(&d->body);
    bt_model_free(&d->face);
    bt_model_free(&d->crop_face);
}

static enum bauta_status load_all(struct bt_detector *d)
{
    enum bauta_status status = load_body(d);
    if (!status && d->settings.faces)
        status = load_faces(d);
    if (status)
        unload(d);
    return status;
}

enum bauta_status bt_detector_set_view(struct bt_detector *d, const struct bauta_view *view)
{
    struct bt_view now;
    if (d->body && bauta_view_equals(view, &d->view.view))
        return BAUTA_OK;
    bt_view_init(&now, view, d->settings.width, d->settings.height);
    bool fits = d->body && now.shown_width == d->view.shown_width &&
                now.shown_height == d->view.shown_height;
    d->view = now;
    d->sampler.across = now.across;
    d->sampler.down = now.down;
    bt_frame_clear(&d->upright);
    enum bauta_status status = BAUTA_OK;
    if (!bt_view_is_upright(view))
        status = bt_frame_init(&d->upright, now.turned_width, now.turned_height);
    if (status || !fits)
        unload(d);
    return status || fits ? status : load_all(d);
}

enum bauta_status bt_detector_new(struct bt_detector **detector,
                                  const struct bt_detector_settings *settings)
{
    *detector = NULL;
    struct bt_detector *d = calloc(1, sizeof(*d));
    if (!d)
        return BAUTA_ERR_MEMORY;
    d->settings = *settings;
    enum bauta_status status = bt_runtime_open(&d->runtime, settings->data_dir, settings->log);
    if (!status)
        status = bt_detector_set_view(d, &settings->view);
    if (status)
        bt_detector_free(&d);
    *detector = d;
    return status;
}

void bt_detector_free(struct bt_detector **detector)
{
    struct bt_detector *d = *detector;
    if (!d)
        return;
    unload(d);
    bt_frame_clear(&d->upright);
    bt_sampler_clear(&d->sampler);
    bt_runtime_close(&d->runtime);
    free(d);
    *detector = NULL;
}

const struct bt_view *bt_detector_view(const struct bt_detector *d)
{
    return &d->view;
}

/* Looks for faces in the enlarged head area of each body that counts. */
static enum bauta_status look_at_heads(struct bt_detector *d, const struct bt_clear *picture)
{
    for (int i = 0; i < d->bodies.n_items; i++) {
        if (d->bodies.items[i].score < d->settings.body)
            break; /* best first: the others are weaker */
        struct bt_box area =
            bt_fuse_head_area(d->bodies.items[i].box, d->view.shown_width, d->view.shown_height);
        if (area.w < least_head_area || area.h < least_head_area)
            continue;
        enum bauta_status status = bt_model_find(d->crop_face, &d->crop, &d->sampler, picture, area,
                                                 d->settings.crop_face);
        if (status)
            return status;
        for (int k = 0; k < d->crop.n_items; k++)
            bt_candidates_add(&d->faces, d->crop.items[k].box, d->crop.items[k].score);
        d->faces.n_dropped += d->crop.n_dropped;
    }
    return BAUTA_OK;
}

static enum bauta_status find(struct bt_detector *d, const struct bt_clear *picture)
{
    struct bt_box all = {0, 0, (float)d->view.shown_width, (float)d->view.shown_height};
    d->faces.n_items = d->faces.n_dropped = 0;
    enum bauta_status status =
        bt_model_find(d->body, &d->bodies, &d->sampler, picture, all, d->settings.weak_body);
    if (status || !d->settings.faces)
        return status;
    status = bt_model_find(d->face, &d->faces, &d->sampler, picture, all, d->settings.face);
    return status ? status : look_at_heads(d, picture);
}

enum bauta_status bt_detector_find(struct bt_detector *d, struct bt_detections *found,
                                   const struct bt_clear *picture)
{
    found->n_items = found->n_dropped = 0;
    if (picture->picture.width != d->settings.width ||
        picture->picture.height != d->settings.height)
        return BAUTA_ERR_ARGUMENT;
    if (!d->body)
        return BAUTA_ERR_DETECTOR;
    struct bt_clear upright = {d->upright.picture};
    if (d->upright.memory)
        bt_view_turn_picture(&d->view, &upright.picture, &picture->picture);
    enum bauta_status status = find(d, d->upright.memory ? &upright : picture);
    if (!status)
        bt_fuse(found, &d->bodies, &d->faces, d->settings.sure_face);
    return status;
}
