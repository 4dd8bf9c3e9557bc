/* SPDX-License-Identifier: Apache-2.0 */
#include "detector_client.h"

#include <glib.h>

enum { START_MS = 15000 }; /* for starting, or starting again after the longest pause */
static const int64_t rate_us = 5 * G_USEC_PER_SEC;

enum bauta_status detector_client_open(struct detector_client *l,
                                       const struct bauta_find_settings *find, int width,
                                       int height, const char *program, const struct bauta_log *log)
{
    struct bauta_detector_process_settings settings;
    bauta_detector_process_settings_init(&settings);
    settings.find = *find;
    settings.width = width;
    settings.height = height;
    settings.program = program;
    settings.log = log;
    l->busy = l->unwanted = l->hopeless = false;
    return bauta_detector_process_new(&l->process, &settings);
}

void detector_client_forget(struct detector_client *l)
{
    l->unwanted = l->busy;
}

void detector_client_close(struct detector_client *l)
{
    l->unwanted = false;
    bauta_detector_process_free(&l->process);
    l->busy = false;
}

bool detector_client_give(struct detector_client *l, const struct bauta_picture *picture,
                          int64_t pts, const struct bauta_view *view, bool wait)
{
    bool ready = bauta_detector_process_ready(l->process);
    if (!ready && wait && !l->hopeless && !l->busy)
        ready = bauta_detector_process_wait_ready(l->process, START_MS);
    l->hopeless = wait && !ready;
    if (!ready || bauta_detector_process_set_view(l->process, view) ||
        bauta_detector_process_give(l->process, picture, pts))
        return false;
    l->busy = true;
    l->pts = pts;
    l->given_us = g_get_monotonic_time();
    l->counts.n_given++;
    return true;
}

static void note_answer(struct detector_client *l)
{
    int64_t now_us = g_get_monotonic_time();
    uint64_t n = l->counts.n_answered++;
    l->answers_us[n % DETECTOR_CLIENT_ANSWERS] = now_us;
    l->spent_ms[n % DETECTOR_CLIENT_MEAN] = (double)(now_us - l->given_us) * 1e-3;
    l->counts.answered_pts = l->pts;
}

enum bauta_status detector_client_take(struct detector_client *l, struct bauta_sights *sights,
                                       bool wait)
{
    int64_t pts;
    if (!l->busy)
        return BAUTA_ERR_NOT_FOUND;
    enum bauta_status status = bauta_detector_process_take(l->process, sights, &pts, wait ? -1 : 0);
    if (status == BAUTA_ERR_NOT_FOUND)
        return status;
    l->busy = false;
    if (status)
        l->counts.n_failures++;
    else
        note_answer(l);
    bool unwanted = l->unwanted;
    l->unwanted = false;
    return unwanted ? BAUTA_ERR_NOT_FOUND : status;
}

void detector_client_tell(struct detector_client *l)
{
    struct detector_counts *c = &l->counts;
    int64_t since_us = g_get_monotonic_time() - rate_us;
    uint64_t n = c->n_answered < DETECTOR_CLIENT_ANSWERS ? c->n_answered : DETECTOR_CLIENT_ANSWERS,
             n_recent = 0;
    for (uint64_t i = 0; i < n; i++)
        n_recent += l->answers_us[i] >= since_us;
    c->rate = (double)n_recent / ((double)rate_us / G_USEC_PER_SEC);
    n = n < DETECTOR_CLIENT_MEAN ? n : DETECTOR_CLIENT_MEAN;
    double sum_ms = 0;
    for (uint64_t i = 0; i < n; i++)
        sum_ms += l->spent_ms[i];
    c->detection_ms = n ? sum_ms / (double)n : 0;
    c->process_id = bauta_detector_process_id(l->process);
    c->n_restarts = bauta_detector_process_restarts(l->process);
}
