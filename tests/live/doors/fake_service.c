/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_service.h"

struct camera {
    const struct camera_config *config;
    struct stats *stats;
    struct fake_service *service;
};

struct fake_service {
    struct service_state state;
    GBytes *jpeg;
    bool alive;
};

struct fake_service *fake_service_new(struct service_config *config)
{
    struct fake_service *service = g_new0(struct fake_service, 1);
    service->alive = true;
    service->state.config = config;
    service->state.guesses = guesses_new();
    service->state.cameras = g_new0(struct camera *, (gsize)config->n_cameras + 1);
    for (int i = 0; i < config->n_cameras; i++) {
        struct camera *camera = g_new0(struct camera, 1);
        *camera = (struct camera){config->cameras[i], stats_new(), service};
        service->state.cameras[i] = camera;
    }
    return service;
}

void fake_service_free(struct fake_service *service)
{
    struct service_state *state = &service->state;
    for (int i = 0; i < state->config->n_cameras; i++) {
        stats_free(state->cameras[i]->stats);
        g_free(state->cameras[i]);
    }
    g_free(state->cameras);
    guesses_unref(state->guesses);
    config_free(state->config);
    g_clear_pointer(&service->jpeg, g_bytes_unref);
    g_free(service);
}

struct service_state *fake_service_state(struct fake_service *service)
{
    return &service->state;
}

void fake_service_show(struct fake_service *service, GBytes *jpeg)
{
    g_clear_pointer(&service->jpeg, g_bytes_unref);
    service->jpeg = jpeg;
}

void fake_service_set_alive(struct fake_service *service, bool alive)
{
    service->alive = alive;
}

bool camera_alive(struct camera *camera)
{
    return camera->service->alive;
}

const struct camera_config *camera_config(const struct camera *camera)
{
    return camera->config;
}

struct stats *camera_stats(struct camera *camera)
{
    return camera->stats;
}

GBytes *camera_snapshot(struct camera *camera, gint64 max_age_us)
{
    (void)max_age_us;
    return camera->service->jpeg ? g_bytes_ref(camera->service->jpeg) : NULL;
}

bool camera_stream_info(struct camera *camera, enum stream stream, int *width, int *height,
                        double *rate, bool *h265)
{
    (void)camera;
    *width = stream == STREAM_MAIN ? 768 : 384;
    *height = stream == STREAM_MAIN ? 576 : 288;
    *rate = 25;
    *h265 = false;
    return true;
}
