/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"

#include <string.h>

#include "health.h"
#include "metrics.h"
#include "state/certificate.h"

enum { OK = 200, NOT_FOUND = 404, UNAVAILABLE = 503 };

/* Of a snapshot; an older one would show what is no longer there. */
static const gint64 max_age_us = 3000000;

static void get_metrics(struct page *page, const struct service_state *state)
{
    const int n = state->config->n_cameras;
    struct metrics_camera *cameras = g_new0(struct metrics_camera, (gsize)n + 1);
    for (int i = 0; i < n; i++) {
        struct camera *camera = state->cameras[i];
        cameras[i].name = camera_config(camera)->name;
        cameras[i].has_sub = camera_config(camera)->has_sub;
        stats_read(camera_stats(camera), &cameras[i].values);
    }
    GString *text = g_string_sized_new(16384);
    metrics_write(text, cameras, n, g_get_monotonic_time());
    metrics_write_guesses(text, state->guesses);
    gint64 end_s;
    if (certificate_end(state->config, &end_s))
        metrics_write_certificate(text, end_s);
    page_set(page, OK, METRICS_TYPE, text);
    g_free(cameras);
}

static void get_health(struct page *page, const struct service_state *state)
{
    const int n = state->config->n_cameras;
    struct health_camera *cameras = g_new0(struct health_camera, (gsize)n + 1);
    for (int i = 0; i < n; i++) {
        struct camera *camera = state->cameras[i];
        cameras[i].config = camera_config(camera);
        stats_read(camera_stats(camera), &cameras[i].values);
    }
    GString *text = g_string_new(NULL);
    const bool healthy = health_write(text, cameras, n, g_get_monotonic_time());
    page_set(page, healthy ? OK : UNAVAILABLE, "application/json", text);
    g_free(cameras);
}

static void get_live(struct page *page, const struct service_state *state)
{
    const bool alive = service_state_alive(state);
    page_say(page, alive ? OK : UNAVAILABLE, alive ? "alive" : "a part does not answer");
}

/* Ready once each camera has tried: one that fails must not keep the others from being used. */
static void get_ready(struct page *page, const struct service_state *state)
{
    bool ready = true;
    for (int i = 0; i < state->config->n_cameras; i++) {
        struct stats_values values;
        stats_read(camera_stats(state->cameras[i]), &values);
        ready = ready && (values.state != CAMERA_STARTING || values.n_restarts > 0);
    }
    page_say(page, ready ? OK : UNAVAILABLE, ready ? "ready" : "starting");
}

static const struct {
    const char *path;
    void (*get)(struct page *page, const struct service_state *state);
    bool open;
} table[] = {
    {"/metrics", get_metrics, false},
    {"/health", get_health, false},
    {"/live", get_live, true},
    {"/ready", get_ready, true},
};

/* /CAMERA/snapshot.jpg */
static bool get_snapshot(struct page *page, const struct service_state *state, const char *path)
{
    static const char file[] = "/snapshot.jpg";
    const size_t length = strlen(path);
    if (path[0] != '/' || length < sizeof(file) || strcmp(path + length - strlen(file), file) != 0)
        return false;
    char *name = g_strndup(path + 1, length - sizeof(file));
    struct camera *camera = service_state_find_camera(state, name);
    g_free(name);
    if (!camera || !camera_config(camera)->has_snapshot)
        return false;
    GBytes *jpeg = camera_snapshot(camera, max_age_us);
    if (jpeg)
        *page = (struct page){OK, "image/jpeg", jpeg};
    else
        page_say(page, UNAVAILABLE, "there is no picture now");
    return true;
}

bool pages_get(struct page *page, const struct service_state *state, const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        if (!strcmp(path, table[i].path)) {
            table[i].get(page, state);
            return true;
        }
    return get_snapshot(page, state, path);
}

bool pages_open(const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        if (!strcmp(path, table[i].path))
            return table[i].open;
    return false;
}
