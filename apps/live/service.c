/* SPDX-License-Identifier: Apache-2.0 */
#include "service.h"

#include <string.h>

#include "http/http.h"
#include "rtsp/rtsp.h"
#include "state/certificate.h"
#include "state/service_state.h"

enum { TICK_S = 10 };

struct service {
    struct service_state state;
    const struct log *log;
    struct rtsp *rtsp;
    struct onvif *onvif;
    struct http *http; /* NULL: off, or its port was not to be had at the last reload */
    struct certificate_watch certificate;
    guint timer;
};

static bool has_http(const struct service *service)
{
    return service->state.config->http.port || service->state.config->https.port;
}

static void start_cameras(struct service *service)
{
    for (int i = 0; i < service->state.config->n_cameras; i++)
        if (!service->state.cameras[i])
            service->state.cameras[i] = camera_new(service->state.config->cameras[i], service->log);
}

static void add_mounts(struct service *service)
{
    for (int i = 0; i < service->state.config->n_cameras && service->rtsp; i++)
        rtsp_add_camera(service->rtsp, service->state.cameras[i]);
}

/* After a reload its port may be taken; then it is tried again. */
static gboolean tick(gpointer user)
{
    struct service *service = user;
    if (!service->http && has_http(service))
        service->http = http_new(&service->state, service->onvif, service->log);
    if (!service->rtsp) {
        service->rtsp = rtsp_new(&service->state, service->log);
        add_mounts(service);
    }
    certificate_look(&service->certificate, service->state.config, service->log);
    return G_SOURCE_CONTINUE;
}

struct service *service_new(struct service_config *config, const struct log *log)
{
    struct service *service = g_new0(struct service, 1);
    *service = (struct service){.state = {.config = config}, .log = log};
    service->state.cameras = g_new0(struct camera *, config->n_cameras);
    service->onvif = onvif_new(g_get_real_time());
    service->state.guesses = guesses_new();
    certificate_look(&service->certificate, config, log);
    service->rtsp = rtsp_new(&service->state, log);
    if (!service->rtsp) {
        service_free(service);
        return NULL;
    }
    start_cameras(service);
    add_mounts(service);
    service->http = has_http(service) ? http_new(&service->state, service->onvif, log) : NULL;
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
    for (int i = 0; i < service->state.config->n_cameras; i++)
        if (ends[i] && service->state.cameras[i]) {
            if (service->rtsp)
                rtsp_remove_camera(service->rtsp, service->state.cameras[i]);
            camera_stop(service->state.cameras[i]);
        }
    for (int i = 0; i < service->state.config->n_cameras; i++)
        if (ends[i]) {
            camera_free(service->state.cameras[i]);
            service->state.cameras[i] = NULL;
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
    bool *ends = g_new(bool, service->state.config->n_cameras);
    memset(ends, true, (size_t)service->state.config->n_cameras * sizeof(*ends));
    end_cameras(service, ends);
    g_free(ends);
    rtsp_free(service->rtsp);
    guesses_unref(service->state.guesses);
    g_free(service->state.cameras);
    config_free(service->state.config);
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
    struct service_config *before = service->state.config;
    struct camera **cameras = g_new0(struct camera *, config->n_cameras);
    bool *ends = g_new0(bool, before->n_cameras);
    for (int i = 0; i < before->n_cameras; i++)
        ends[i] = find(config, before->cameras[i]) < 0;
    end_cameras(service, ends);
    for (int i = 0; i < before->n_cameras; i++) {
        int to = find(config, before->cameras[i]);
        if (ends[i] || !service->state.cameras[i])
            continue;
        cameras[to] = service->state.cameras[i];
        struct camera_config *same = config->cameras[to];
        config->cameras[to] = before->cameras[i];
        before->cameras[i] = same;
    }
    g_free(ends);
    g_free(service->state.cameras);
    service->state.cameras = cameras;
    service->state.config = config;
    config_free(before);
}

void service_reload(struct service *service, struct service_config *config)
{
    http_free(service->http);
    service->http = NULL;
    hand_over(service, config);
    bool *was = g_new(bool, config->n_cameras);
    for (int i = 0; i < config->n_cameras; i++)
        was[i] = service->state.cameras[i] != NULL;
    start_cameras(service);
    bool kept = service->rtsp && rtsp_reload(service->rtsp);
    if (!kept) {
        rtsp_free(service->rtsp);
        service->rtsp = rtsp_new(&service->state, service->log);
    }
    for (int i = 0; i < config->n_cameras && service->rtsp; i++)
        if (!kept || !was[i])
            rtsp_add_camera(service->rtsp, service->state.cameras[i]);
    g_free(was);
    certificate_forget(&service->certificate);
    tick(service);
}

int service_n_cameras(const struct service *service)
{
    return service->state.config->n_cameras;
}

bool service_alive(const struct service *service)
{
    return service_state_alive(&service->state);
}
