/* SPDX-License-Identifier: Apache-2.0 */
#include "service.h"

#include <string.h>

#include "certificate.h"
#include "http.h"
#include "rtsp.h"

enum { TICK_S = 10 };

struct service {
    struct service_config *config;
    const struct log *log;
    struct camera **cameras; /* as config->cameras */
    struct rtsp *rtsp;
    struct onvif *onvif;
    struct guesses *guesses;
    struct http *http; /* NULL: off, or its port was not to be had at the last reload */
    struct certificate_watch certificate;
    guint timer;
};

static bool has_http(const struct service *service)
{
    return service->config->http.port || service->config->https.port;
}

static void start_cameras(struct service *service)
{
    for (int i = 0; i < service->config->n_cameras; i++)
        if (!service->cameras[i])
            service->cameras[i] = camera_new(service->config->cameras[i], service->log);
}

static void add_mounts(struct service *service)
{
    for (int i = 0; i < service->config->n_cameras && service->rtsp; i++)
        rtsp_add_camera(service->rtsp, service->cameras[i]);
}

/* After a reload its port may be taken; then it is tried again. */
static gboolean tick(gpointer user)
{
    struct service *service = user;
    if (!service->http && has_http(service))
        service->http = http_new(service, service->onvif, service->log);
    if (!service->rtsp) {
        service->rtsp = rtsp_new(service, service->log);
        add_mounts(service);
    }
    certificate_look(&service->certificate, service->config, service->log);
    return G_SOURCE_CONTINUE;
}

struct service *service_new(struct service_config *config, const struct log *log)
{
    struct service *service = g_new0(struct service, 1);
    *service = (struct service){.config = config, .log = log};
    service->cameras = g_new0(struct camera *, config->n_cameras);
    service->onvif = onvif_new(g_get_real_time());
    service->guesses = guesses_new();
    certificate_look(&service->certificate, config, log);
    service->rtsp = rtsp_new(service, log);
    if (!service->rtsp) {
        service_free(service);
        return NULL;
    }
    start_cameras(service);
    add_mounts(service);
    service->http = has_http(service) ? http_new(service, service->onvif, log) : NULL;
    if (has_http(service) && !service->http) {
        service_free(service);
        return NULL;
    }
    service->timer = g_timeout_add_seconds(TICK_S, tick, service);
    return service;
}

/* Sends its clients away first, so that nobody asks for what ends. All cameras named by `ends` end
 * at the same time. */
static void end_cameras(struct service *service, const bool *ends)
{
    for (int i = 0; i < service->config->n_cameras; i++)
        if (ends[i] && service->cameras[i]) {
            if (service->rtsp)
                rtsp_remove_camera(service->rtsp, service->cameras[i]);
            camera_stop(service->cameras[i]);
        }
    for (int i = 0; i < service->config->n_cameras; i++)
        if (ends[i]) {
            camera_free(service->cameras[i]);
            service->cameras[i] = NULL;
        }
}

void service_free(struct service *service)
{
    if (!service)
        return;
    if (service->timer)
        g_source_remove(service->timer);
    http_free(service->http);
    onvif_free(service->onvif);
    bool *ends = g_new(bool, service->config->n_cameras);
    memset(ends, true, (size_t)service->config->n_cameras * sizeof(*ends));
    end_cameras(service, ends);
    g_free(ends);
    rtsp_free(service->rtsp);
    guesses_unref(service->guesses);
    g_free(service->cameras);
    config_free(service->config);
    g_free(service);
}

static int find(const struct service_config *config, const struct camera_config *camera)
{
    for (int i = 0; i < config->n_cameras; i++)
        if (config_same_camera(config->cameras[i], camera))
            return i;
    return -1;
}

/* Ends those that the new configuration does not have, and hands over the others, with what they
 * were made from. */
static void hand_over(struct service *service, struct service_config *config)
{
    struct service_config *before = service->config;
    struct camera **cameras = g_new0(struct camera *, config->n_cameras);
    bool *ends = g_new0(bool, before->n_cameras);
    for (int i = 0; i < before->n_cameras; i++)
        ends[i] = find(config, before->cameras[i]) < 0;
    end_cameras(service, ends);
    for (int i = 0; i < before->n_cameras; i++) {
        int to = find(config, before->cameras[i]);
        if (ends[i] || !service->cameras[i])
            continue;
        cameras[to] = service->cameras[i];
        struct camera_config *same = config->cameras[to];
        config->cameras[to] = before->cameras[i];
        before->cameras[i] = same;
    }
    g_free(ends);
    g_free(service->cameras);
    service->cameras = cameras;
    service->config = config;
    config_free(before);
}

void service_reload(struct service *service, struct service_config *config)
{
    http_free(service->http);
    service->http = NULL;
    hand_over(service, config);
    bool *was = g_new(bool, config->n_cameras);
    for (int i = 0; i < config->n_cameras; i++)
        was[i] = service->cameras[i] != NULL;
    start_cameras(service);
    bool kept = service->rtsp && rtsp_reload(service->rtsp);
    if (!kept) {
        rtsp_free(service->rtsp);
        service->rtsp = rtsp_new(service, service->log);
    }
    for (int i = 0; i < config->n_cameras && service->rtsp; i++)
        if (!kept || !was[i])
            rtsp_add_camera(service->rtsp, service->cameras[i]);
    g_free(was);
    certificate_forget(&service->certificate);
    tick(service);
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
    return service->cameras[i];
}

struct camera *service_find_camera(const struct service *service, const char *name)
{
    for (int i = 0; i < service->config->n_cameras; i++)
        if (strcmp(service->config->cameras[i]->name, name) == 0)
            return service->cameras[i];
    return NULL;
}

struct guesses *service_guesses(const struct service *service)
{
    return service->guesses;
}

bool service_alive(const struct service *service)
{
    for (int i = 0; i < service->config->n_cameras; i++)
        if (!camera_alive(service->cameras[i]))
            return false;
    return true;
}
