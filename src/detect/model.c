/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { LARGEST_SIDE = 4096, STEP = 128 }; /* the step that suits every family */

struct bt_model {
    const struct bt_family *family;
    struct bt_session *session;
    bool interleaved;
    int width, height;
    float *tensor;
};

static enum bauta_status run(struct bt_model *m, const struct bt_tensor **outputs, int *n_outputs)
{
    int64_t planar[] = {1, 3, m->height, m->width}, interleaved[] = {1, m->height, m->width, 3};
    return bt_session_run(m->session, outputs, n_outputs, m->tensor,
                          m->interleaved ? interleaved : planar);
}

static int round_up(int side, int step)
{
    return (side + step - 1) / step * step;
}

/* Reads from the input's shape where its channels are, and its size as far as it is fixed. */
static enum bauta_status prepare_input(struct bt_model *m, const struct bt_model_settings *s,
                                       int step)
{
    const int64_t *sides = bt_session_input(m->session)->sides;
    m->interleaved = sides[3] == 3 && sides[1] != 3;
    int64_t h = sides[m->interleaved ? 1 : 2], w = sides[m->interleaved ? 2 : 3];
    int64_t depth = sides[m->interleaved ? 3 : 1];
    if ((depth != 3 && depth > 0) || w > LARGEST_SIDE || h > LARGEST_SIDE)
        return bt_log_fail(s->log, BAUTA_ERR_DETECTOR,
                           "%s: not a picture detector: its input is %lld x %lld x %lld x %lld",
                           s->path, (long long)sides[0], (long long)sides[1], (long long)sides[2],
                           (long long)sides[3]);
    m->width = w > 0 ? (int)w : round_up(s->width, step);
    m->height = h > 0 ? (int)h : round_up(s->height, step);
    free(m->tensor);
    m->tensor = calloc((size_t)m->width * (size_t)m->height * 3, sizeof(float));
    return m->tensor ? BAUTA_OK : BAUTA_ERR_MEMORY;
}

/* "name [1, 2, 3], ..." */
static void describe(char *text, size_t size, const struct bt_tensor *outputs, int n_outputs)
{
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < n_outputs && length < size; i++) {
        length += (size_t)snprintf(text + length, size - length, "%s%s [", i ? ", " : "",
                                   outputs[i].name);
        for (int k = 0; k < outputs[i].n_sides && length < size; k++)
            length += (size_t)snprintf(text + length, size - length, "%s%lld", k ? ", " : "",
                                       (long long)outputs[i].sides[k]);
        if (length < size)
            length += (size_t)snprintf(text + length, size - length, "]");
    }
}

static enum bauta_status refuse(const struct bt_model_settings *s, const struct bt_tensor *outputs,
                                int n_outputs)
{
    char seen[1024], known[256];
    describe(seen, sizeof(seen), outputs, n_outputs);
    bt_family_names(known, sizeof(known), s->class_);
    return bt_log_fail(s->log, BAUTA_ERR_DETECTOR,
                       "%s: its outputs are not those of a %s%s%s model: it gives %s; known are %s",
                       s->path, s->family ? s->family : "known ", s->family ? " " : "",
                       bauta_class_name(s->class_), seen, known);
}

static enum bauta_status check_name(const struct bt_model_settings *s)
{
    char known[256];
    bt_family_names(known, sizeof(known), s->class_);
    for (const struct bt_family *const *f = bt_families; s->family && *f; f++)
        if (((*f)->classes & 1u << s->class_) && strcmp(s->family, (*f)->name) == 0)
            return BAUTA_OK;
    if (!s->family)
        return BAUTA_OK;
    return bt_log_fail(s->log, BAUTA_ERR_DETECTOR,
                       "no family of %s models is called '%s'; known are %s",
                       bauta_class_name(s->class_), s->family, known);
}

/* Runs the model on nothing and sees whose outputs it has. */
static enum bauta_status recognise(struct bt_model *m, const struct bt_model_settings *s)
{
    const struct bt_tensor *outputs;
    int n_outputs;
    enum bauta_status status = run(m, &outputs, &n_outputs);
    if (status)
        return status;
    m->family = bt_family_of(outputs, n_outputs, m->width, m->height, s->class_, s->family);
    if (!m->family || m->family->format.interleaved != m->interleaved)
        return refuse(s, outputs, n_outputs);
    return m->family->step == STEP ? BAUTA_OK : prepare_input(m, s, m->family->step);
}

enum bauta_status bt_model_load(struct bt_model **model, struct bt_runtime *runtime,
                                const struct bt_model_settings *settings)
{
    *model = NULL;
    enum bauta_status status = check_name(settings);
    if (status)
        return status;
    struct bt_model *m = calloc(1, sizeof(*m));
    if (!m)
        return BAUTA_ERR_MEMORY;
    status =
        bt_session_load(&m->session, runtime, settings->path, settings->n_threads, settings->log);
    if (!status)
        status = prepare_input(m, settings, STEP);
    if (!status)
        status = recognise(m, settings);
    if (status)
        bt_model_free(&m);
    *model = m;
    return status;
}

void bt_model_free(struct bt_model **model)
{
    struct bt_model *m = *model;
    if (!m)
        return;
    bt_session_free(&m->session);
    free(m->tensor);
    free(m);
    *model = NULL;
}

enum bauta_status bt_model_find(struct bt_model *m, struct bt_candidates *out,
                                struct bt_sampler *sampler, const struct bt_clear *clear,
                                struct bt_box from, float least_score)
{
    const struct bt_tensor *outputs;
    int n_outputs;
    struct bt_fit fit;
    out->n_items = out->n_dropped = 0;
    enum bauta_status status =
        bt_sample(sampler, m->tensor, &fit, m->width, m->height, &m->family->format, clear, from);
    if (!status)
        status = run(m, &outputs, &n_outputs);
    if (!status && !m->family->fits(outputs, n_outputs, m->width, m->height))
        status = BAUTA_ERR_DETECTOR;
    if (status)
        return status;
    m->family->decode(out, outputs, n_outputs, m->width, m->height, least_score);
    bt_candidates_thin(out, m->family->overlap);
    for (int i = 0; i < out->n_items; i++) {
        struct bt_box *b = &out->items[i].box;
        *b = (struct bt_box){from.x + (b->x - (float)fit.x) / fit.ratio,
                             from.y + (b->y - (float)fit.y) / fit.ratio, b->w / fit.ratio,
                             b->h / fit.ratio};
    }
    return BAUTA_OK;
}
