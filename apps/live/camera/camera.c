/* SPDX-License-Identifier: Apache-2.0 */
#include "camera.h"

#include "pipeline.h"
#include "record/recorder.h"
#include "watch.h"

enum {
    TICK_MS = 200,
    LONGEST_PAUSE_S = 30,
    GOOD_RUN_S = 20, /* after which the next pause is the shortest again */
    CONNECT_S = 15,  /* for the first picture after a start, at least */
    FLOWS_S = 2,     /* since the last access unit: the camera runs */
    OUTPUT_S = 15,   /* that pictures may come in while none leaves */
    DRAIN_S = 3,
    ANSWER_S = 30 /* in which its thread must answer */
};

struct camera {
    const struct camera_config *config;
    const struct log *log;
    struct stats *stats;
    struct hub *hubs[N_STREAMS];
    struct recorder *recorder;
    GThread *thread;
    GMainContext *context;
    GMainLoop *loop;
    /* Of the thread. */
    struct pipeline *pipeline; /* NULL while it waits for its next start */
    struct watch watch;
    bool broken; /* the pipeline failed, and is to be freed */
    bool turns;  /* which way up is known now: a pipeline that turns pictures takes over */
    int turn;    /* in degrees; SOURCE_TURN_AUTO: not known yet */
    int pause_s;
    gint64 looked_us; /* when it last looked at what comes and leaves */
    gint64 left_us;   /* when something left, or nothing came in, last */
    gint64 start_us;  /* monotonic time of its start, or of the next one */
    char *left_out;   /* what was said of the source last */
    bool protected_said;
    GMutex lock; /* of what follows */
    gint64 answered_us;
    GBytes *snapshot;
    gint64 snapshot_us;
};

static void take_snapshot(gpointer user, GBytes *jpeg)
{
    struct camera *camera = user;
    g_mutex_lock(&camera->lock);
    GBytes *before = camera->snapshot;
    camera->snapshot = jpeg;
    camera->snapshot_us = g_get_monotonic_time();
    g_mutex_unlock(&camera->lock);
    g_bytes_unref(before);
}

/* Ends the run, at the next tick, and lets the pauses grow as long as no run is a good one. */
static void fail(gpointer user, enum fault fault, const char *sentence)
{
    struct camera *camera = user;
    if (camera->broken)
        return; /* one fault has several voices */
    camera->broken = true;
    stats_count_fault(camera->stats, fault);
    stats_set_state(camera->stats, fault == FAULT_STALL ? CAMERA_STALLED : CAMERA_FAILED);
    gint64 now_us = g_get_monotonic_time();
    bool good = camera->pause_s == 0 || now_us - camera->start_us > GOOD_RUN_S * G_TIME_SPAN_SECOND;
    camera->pause_s = good ? 1 : MIN(2 * camera->pause_s, LONGEST_PAUSE_S);
    camera->start_us = now_us + camera->pause_s * G_TIME_SPAN_SECOND;
    log_write(camera->log, BAUTA_LOG_ERROR, camera->config->name, stats_fault_name(fault),
              "%s; started anew in %d s", sentence, camera->pause_s);
}

/* Once, and again only if the source is another. */
static void tell_left_out(gpointer user, const char *sentence)
{
    struct camera *camera = user;
    if (g_strcmp0(camera->left_out, sentence) == 0)
        return;
    g_free(camera->left_out);
    camera->left_out = g_strdup(sentence);
    log_write(camera->log, BAUTA_LOG_INFO, camera->config->name, "left-out", "%s", sentence);
}

static void tell_protected(gpointer user, const char *sentence)
{
    struct camera *camera = user;
    if (!camera->protected_said)
        log_write(camera->log, BAUTA_LOG_WARNING, camera->config->name, "protected", "%s",
                  sentence);
    camera->protected_said = true; /* not at each restart */
    stats_set_source_protected(camera->stats, true);
}

static void take_turn(gpointer user, int turn)
{
    struct camera *camera = user;
    log_write(camera->log, BAUTA_LOG_INFO, camera->config->name, "turn",
              "people stand upright if pictures are turned by %d degrees; turn = %d says so", turn,
              turn);
    camera->turn = turn;
    camera->turns = turn != 0;
}

static void tell_jump(gpointer user, const char *sentence)
{
    struct camera *camera = user;
    log_write(camera->log, BAUTA_LOG_WARNING, camera->config->name, "clock", "%s", sentence);
}

static void start(struct camera *camera)
{
    const struct pipeline_settings settings = {
        .config = camera->config,
        .stats = camera->stats,
        .hubs = {camera->hubs[STREAM_MAIN], camera->hubs[STREAM_SUB]},
        .user = camera,
        .failed = fail,
        .turn = camera->turn,
        .turn_found = take_turn,
        .jumped = tell_jump,
        .protected_already = tell_protected,
        .left_out = tell_left_out,
        .snapshot = take_snapshot};
    char *problem = NULL;
    camera->broken = camera->turns = false;
    stats_set_source_protected(camera->stats, false);
    camera->start_us = camera->left_us = g_get_monotonic_time();
    camera->pipeline = pipeline_new(&settings, &problem);
    if (!camera->pipeline)
        fail(camera, FAULT_PIPELINE, problem);
    g_free(problem);
}

static void end_run(struct camera *camera)
{
    pipeline_free(camera->pipeline);
    camera->pipeline = NULL;
    for (int i = 0; i < N_STREAMS; i++)
        if (camera->hubs[i])
            hub_interrupt(camera->hubs[i]);
}

static bool is_before(gint64 time_us, gint64 now_us, int seconds)
{
    return now_us - time_us > seconds * G_TIME_SPAN_SECOND;
}

/* Whether pictures come in and leave as they should. Who slept himself, as on a machine that was
 * halted, does not judge. */
static void look(struct camera *camera, gint64 now_us)
{
    bool slept = is_before(camera->looked_us, now_us, 1);
    camera->looked_us = now_us;
    if (slept)
        return;
    int stall_s = camera->config->source.stall_s;
    gint64 heard_us = stats_last_heard(camera->stats);
    bool heard = heard_us >= camera->start_us;
    bool arrives = !is_before(stats_last_arrival(camera->stats), now_us, 1);
    bool flows = true;
    for (int i = 0; i < N_STREAMS; i++)
        flows &= !camera->hubs[i] || hub_flows(camera->hubs[i], FLOWS_S * G_TIME_SPAN_SECOND);
    if (flows && heard)
        stats_set_state(camera->stats, CAMERA_RUNNING);
    else if (heard && !arrives && is_before(stats_last_arrival(camera->stats), now_us, stall_s))
        stats_set_state(camera->stats, CAMERA_STALLED); /* all is damaged on the way */
    if (flows || !arrives)
        camera->left_us = now_us;
    if (!heard && is_before(camera->start_us, now_us, MAX(CONNECT_S, stall_s)))
        fail(camera, FAULT_STALL, "no picture has come since the start");
    else if (heard && is_before(heard_us, now_us, stall_s))
        fail(camera, FAULT_STALL, "no picture comes any more");
    else if (is_before(camera->left_us, now_us, OUTPUT_S))
        fail(camera, FAULT_ENCODER, "pictures come in, and none leaves");
}

static gboolean tick(gpointer user)
{
    struct camera *camera = user;
    gint64 now_us = g_get_monotonic_time();
    if (camera->pipeline && (camera->broken || camera->turns))
        end_run(camera);
    if (!camera->pipeline && now_us >= camera->start_us) {
        if (camera->broken)
            stats_count_restart(camera->stats);
        start(camera);
    }
    if (camera->pipeline && !camera->broken)
        look(camera, now_us);
    watch_look(&camera->watch, camera->stats);
    if (camera->recorder)
        recorder_tick(camera->recorder);
    g_mutex_lock(&camera->lock);
    camera->answered_us = g_get_monotonic_time();
    g_mutex_unlock(&camera->lock);
    return G_SOURCE_CONTINUE;
}

static gpointer run(gpointer user)
{
    struct camera *camera = user;
    g_main_context_push_thread_default(camera->context);
    GSource *timer = g_timeout_source_new(TICK_MS);
    g_source_set_callback(timer, tick, camera, NULL);
    g_source_attach(timer, camera->context);
    tick(camera);
    g_main_loop_run(camera->loop);
    g_source_destroy(timer);
    g_source_unref(timer);
    if (camera->pipeline && !camera->broken)
        pipeline_drain(camera->pipeline, DRAIN_S * G_TIME_SPAN_SECOND);
    end_run(camera);
    recorder_free(camera->recorder);
    g_main_context_pop_thread_default(camera->context);
    return NULL;
}

struct camera *camera_new(const struct camera_config *config, const struct log *log)
{
    struct camera *camera = g_new0(struct camera, 1);
    *camera = (struct camera){.config = config, .log = log, .turn = config->source.turn};
    g_mutex_init(&camera->lock);
    camera->stats = stats_new();
    camera->hubs[STREAM_MAIN] = hub_new(camera->stats, STREAM_MAIN);
    if (config->has_sub)
        camera->hubs[STREAM_SUB] = hub_new(camera->stats, STREAM_SUB);
    if (*config->record.directory)
        camera->recorder =
            recorder_new(config, camera->hubs[config->record.sub ? STREAM_SUB : STREAM_MAIN],
                         camera->stats, log);
    watch_init(&camera->watch, config->name, log);
    camera->answered_us = camera->start_us = g_get_monotonic_time();
    camera->context = g_main_context_new();
    camera->loop = g_main_loop_new(camera->context, FALSE);
    camera->thread = g_thread_new(config->name, run, camera);
    return camera;
}

static gboolean quit(gpointer user)
{
    g_main_loop_quit(user);
    return G_SOURCE_REMOVE;
}

void camera_stop(struct camera *camera)
{
    GSource *idle = g_idle_source_new(); /* within the loop, should it not run yet */
    g_source_set_priority(idle, G_PRIORITY_DEFAULT);
    g_source_set_callback(idle, quit, camera->loop, NULL);
    g_source_attach(idle, camera->context);
    g_source_unref(idle);
}

void camera_free(struct camera *camera)
{
    if (!camera)
        return;
    camera_stop(camera);
    g_thread_join(camera->thread);
    for (int i = 0; i < N_STREAMS; i++)
        if (camera->hubs[i]) {
            hub_close(camera->hubs[i]);
            hub_unref(camera->hubs[i]);
        }
    stats_free(camera->stats);
    g_bytes_unref(camera->snapshot);
    g_free(camera->left_out);
    g_main_loop_unref(camera->loop);
    g_main_context_unref(camera->context);
    g_mutex_clear(&camera->lock);
    g_free(camera);
}

const struct camera_config *camera_config(const struct camera *camera)
{
    return camera->config;
}

struct stats *camera_stats(struct camera *camera)
{
    return camera->stats;
}

struct hub *camera_hub(struct camera *camera, enum stream stream)
{
    return camera->hubs[stream];
}

GBytes *camera_snapshot(struct camera *camera, gint64 max_age_us)
{
    g_mutex_lock(&camera->lock);
    bool young = camera->snapshot && g_get_monotonic_time() - camera->snapshot_us <= max_age_us;
    GBytes *snapshot = young ? g_bytes_ref(camera->snapshot) : NULL;
    g_mutex_unlock(&camera->lock);
    return snapshot;
}

bool camera_alive(struct camera *camera)
{
    g_mutex_lock(&camera->lock);
    bool alive = !is_before(camera->answered_us, g_get_monotonic_time(), ANSWER_S);
    g_mutex_unlock(&camera->lock);
    return alive;
}

bool camera_stream_info(struct camera *camera, enum stream stream, int *width, int *height,
                        double *rate, bool *h265)
{
    GstCaps *caps = camera->hubs[stream] ? hub_caps(camera->hubs[stream]) : NULL;
    if (!caps)
        return false;
    const GstStructure *structure = gst_caps_get_structure(caps, 0);
    int numerator = 0, denominator = 1;
    bool known = gst_structure_get_int(structure, "width", width) &&
                 gst_structure_get_int(structure, "height", height);
    gst_structure_get_fraction(structure, "framerate", &numerator, &denominator);
    *rate = denominator ? (double)numerator / denominator : 0;
    *h265 = gst_structure_has_name(structure, "video/x-h265");
    gst_caps_unref(caps);
    return known;
}
