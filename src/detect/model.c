/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/model.h"

#include <stdlib.h>

#include "base/log.h"

struct bt_model {
    const struct bt_family *family;
    struct bt_session *session;
    int width, height;
    float *tensor;
};

static void get_sides(const struct bt_model *m, int64_t sides[4])
{
    bool interleaved = m->family->format.interleaved;
    sides[0] = 1;
    sides[1] = interleaved ? m->height : 3;
    sides[2] = interleaved ? m->width : m->height;
    sides[3] = interleaved ? 3 : m->width;
}

static enum bauta_status run(struct bt_model *m, const struct bt_tensor **outputs, int *n_outputs)
{
    int64_t sides[4];
    get_sides(m, sides);
    return bt_session_run(m->session, outputs, n_outputs, m->tensor, sides);
}

/* The input's size is the model's, if it has one. */
static enum bauta_status choose_size(struct bt_model *m, int width, int height,
                                     const struct bauta_log *log)
{
    const struct bt_tensor *input = bt_session_input(m->session);
    bool interleaved = m->family->format.interleaved;
    int64_t h = input->sides[interleaved ? 1 : 2], w = input->sides[interleaved ? 2 : 3];
    int64_t depth = input->sides[interleaved ? 3 : 1];
    m->width = w > 0 && w <= 4096 ? (int)w : width;
    m->height = h > 0 && h <= 4096 ? (int)h : height;
    if (depth != 3 && depth > 0)
        return bt_log_fail(log, BAUTA_ERR_DETECTOR,
                           "%s: not a %s model: its input is not a colour picture",
                           bt_session_path(m->session), m->family->name);
    m->tensor = calloc((size_t)m->width * (size_t)m->height * 3, sizeof(float));
    return m->tensor ? BAUTA_OK : BAUTA_ERR_MEMORY;
}

enum bauta_status bt_model_load(struct bt_model **model, struct bt_runtime *runtime,
                                const struct bt_family *family, const char *path, int width,
                                int height, int n_threads, const struct bauta_log *log)
{
    *model = NULL;
    struct bt_model *m = calloc(1, sizeof(*m));
    if (!m)
        return BAUTA_ERR_MEMORY;
    const struct bt_tensor *outputs = NULL;
    int n_outputs = 0;
    m->family = family;
    enum bauta_status status = bt_session_load(&m->session, runtime, path, n_threads, log);
    if (!status)
        status = choose_size(m, width, height, log);
    if (!status)
        status = run(m, &outputs, &n_outputs);
    if (!status && !family->fits(outputs, n_outputs, m->width, m->height))
        status =
            bt_log_fail(log, BAUTA_ERR_DETECTOR,
                        "%s: not a %s model: its outputs have other shapes", path, family->name);
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
    float ratio;
    out->n_items = 0;
    enum bauta_status status =
        bt_sample(sampler, m->tensor, &ratio, m->width, m->height, &m->family->format, clear, from);
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
        *b = (struct bt_box){from.x + b->x / ratio, from.y + b->y / ratio, b->w / ratio,
                             b->h / ratio};
    }
    return BAUTA_OK;
}
