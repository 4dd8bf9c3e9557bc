/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_service.h"

#include <string.h>

struct camera {
    const struct camera_config *config;
    struct stats *stats;
    struct service *service;
};

struct service {
    struct service_config *config;
    struct camera *cameras;
    struct guesses *guesses;
    GBytes *jpeg;
    bool alive;
};

struct service *fake_service_new(struct service_config *config)
{
    struct service *service = g_new0(struct service, 1);
    service->config = config;
    service->alive = true;
    service->guesses = guesses_new();
    service->cameras = g_new0(struct camera, (gsize)config->n_cameras + 1);
    for (int i = 0; i < config->n_cameras; i++)
        service->cameras[i] = (struct camera){config->cameras[i], stats_new(), service};
    return service;
}

void fake_service_free(struct service *service)
{
    for (int i = 0; i < service->config->n_cameras; i++)
        stats_free(service->cameras[i].stats);
    g_free(service->cameras);
    guesses_unref(service->guesses);
    config_free(service->config);
    g_clear_pointer(&service->jpeg, g_bytes_unref);
    g_free(service);
}

void fake_service_show(struct service *service, GBytes *jpeg)
{
    g_clear_pointer(&service->jpeg, g_bytes_unref);
    service->jpeg = jpeg;
}

void fake_service_set_alive(struct service *service, bool alive)
{
    service->alive = alive;
}

const struct service_config *service_config(const struct service *service)
{
    return service->config;
}

int service_n_cameras(const struct service *service)
{
    return service->config->n_cameras;
}

struct camera *service_camera(const struct service *service, int i)
{
    return &service->cameras[i];
}

struct camera *service_find_camera(const struct service *service, const char *name)
{
    for (int i = 0; i < service->config->n_cameras; i++)
        if (!strcmp(service->config->cameras[i]->name, name))
            return &service->cameras[i];
    return NULL;
}

struct guesses *service_guesses(const struct service *service)
{
    return service->guesses;
}

bool service_alive(const struct service *service)
{
    return service->alive;
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
