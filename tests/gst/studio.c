/* SPDX-License-Identifier: Apache-2.0 */
#include "studio.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <bauta/key.h>

#include "demo_clip.h"

enum { PATIENCE_S = 120 }; /* with a pipeline that hangs; no test waits so long for good */

static void make_keys(struct studio *s)
{
    snprintf(s->key, sizeof(s->key), "%s/a.key", s->folder);
    snprintf(s->pub, sizeof(s->pub), "%s/a.pub", s->folder);
    snprintf(s->other_key, sizeof(s->other_key), "%s/b.key", s->folder);
    snprintf(s->other_pub, sizeof(s->other_pub), "%s/b.pub", s->folder);
    snprintf(s->sign_key, sizeof(s->sign_key), "%s/s.key", s->folder);
    snprintf(s->sign_pub, sizeof(s->sign_pub), "%s/s.pub", s->folder);
    check_ok(bauta_key_new(s->key, s->pub, NULL, NULL));
    check_ok(bauta_key_new(s->other_key, s->other_pub, NULL, NULL));
    check_ok(bauta_signing_key_new(s->sign_key, s->sign_pub, NULL, NULL));
}

/* GStreamer's streaming threads come from GLib's pool, which ends those that idle whenever it
   likes: one that ends after OpenSSL has cleaned up at exit leaves its random state behind, and the
   leak checker finds it. None ends before the process does. */
static void keep_threads(void)
{
    g_thread_pool_set_max_unused_threads(-1);
    g_thread_pool_set_max_idle_time(0);
}

int studio_set_up(void **state)
{
    static struct studio s = {.folder = "/tmp/bauta-test-XXXXXX"};
    gst_init(NULL, NULL);
    keep_threads();
    s.clip = demo_clip_path();
    assert_non_null(mkdtemp(s.folder));
    snprintf(s.out, sizeof(s.out), "%s/out.mp4", s.folder);
    snprintf(s.audit, sizeof(s.audit), "%s/audit.db", s.folder);
    make_keys(&s);
    struct take take;
    take_begin(&take,
               "filesrc location=%s ! decodebin ! videoconvert ! video/x-raw,format=I420 ! "
               "appsink name=out sync=false max-buffers=5",
               s.clip);
    for (int i = 0; i < STUDIO_PICTURES; i++)
        assert_non_null(s.clear[i] = take_pull(&take));
    take_end(&take);
    *state = &s;
    return 0;
}

int studio_tear_down(void **state)
{
    struct studio *s = *state;
    const char *made[] = {s->key,      s->pub,      s->other_key, s->other_pub,
                          s->sign_key, s->sign_pub, s->out,       s->audit};
    for (int i = 0; i < STUDIO_PICTURES; i++)
        gst_sample_unref(s->clear[i]);
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
        unlink(made[i]);
    rmdir(s->folder);
    return 0;
}

void take_begin(struct take *take, const char *format, ...)
{
    GError *error = NULL;
    va_list values;
    va_start(values, format);
    char *text = g_strdup_vprintf(format, values);
    va_end(values);
    *take = (struct take){.pipeline = gst_parse_launch(text, &error)};
    if (error)
        fail_msg("%s: %s", text, error->message);
    g_free(text);
    gst_element_set_state(take->pipeline, GST_STATE_PLAYING);
}

static void keep_sentence(char *sentence, size_t size, GstMessage *message)
{
    GError *error = NULL;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
        gst_message_parse_error(message, &error, NULL);
    else
        gst_message_parse_warning(message, &error, NULL);
    g_strlcpy(sentence, error->message, size);
    g_error_free(error);
}

bool take_finish(struct take *take)
{
    GstBus *bus = gst_element_get_bus(take->pipeline);
    bool ended = false;
    while (!ended && !*take->error) {
        GstMessage *message = gst_bus_timed_pop_filtered(
            bus, PATIENCE_S * GST_SECOND,
            (GstMessageType)(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING));
        if (!message) {
            g_strlcpy(take->error, "it hangs", sizeof(take->error));
            break;
        }
        if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
            keep_sentence(take->error, sizeof(take->error), message);
        else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING)
            keep_sentence(take->warning, sizeof(take->warning), message);
        ended = GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
        gst_message_unref(message);
    }
    gst_object_unref(bus);
    return ended;
}

void take_end(struct take *take)
{
    gst_element_set_state(take->pipeline, GST_STATE_NULL);
    gst_object_unref(take->pipeline);
    take->pipeline = NULL;
}

GstElement *take_element(const struct take *take, const char *name)
{
    GstElement *element = gst_bin_get_by_name(GST_BIN(take->pipeline), name);
    assert_non_null(element);
    gst_object_unref(element); /* the pipeline has it */
    return element;
}

uint64_t take_count(const struct take *take, const char *name, const char *field)
{
    GstStructure *stats = NULL;
    g_object_get(take_element(take, name), "stats", &stats, NULL);
    assert_non_null(stats);
    const GValue *value = gst_structure_get_value(stats, field);
    if (!value)
        fail_msg("no %s in the stats of %s", field, name);
    uint64_t number =
        G_VALUE_HOLDS_UINT64(value) ? g_value_get_uint64(value) : (uint64_t)g_value_get_int(value);
    gst_structure_free(stats);
    return number;
}

GstFlowReturn take_feed(const struct take *take, const struct studio *s, int picture,
                        int64_t time_ms)
{
    GstBuffer *buffer = gst_buffer_copy(gst_sample_get_buffer(s->clear[picture]));
    GST_BUFFER_PTS(buffer) = (GstClockTime)time_ms * GST_MSECOND;
    GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
    GST_BUFFER_DURATION(buffer) = 100 * GST_MSECOND;
    GstAppSrc *in = GST_APP_SRC(take_element(take, "in"));
    GstCaps *caps = gst_app_src_get_caps(in);
    if (!caps)
        gst_app_src_set_caps(in, gst_sample_get_caps(s->clear[picture]));
    gst_clear_caps(&caps);
    return gst_app_src_push_buffer(in, buffer);
}

void take_feed_all(const struct take *take, const struct studio *s)
{
    for (int i = 0; i < STUDIO_PICTURES; i++)
        take_feed(take, s, i, 100 * i);
    take_end_feed(take);
}

void take_end_feed(const struct take *take)
{
    gst_app_src_end_of_stream(GST_APP_SRC(take_element(take, "in")));
}

GstSample *take_pull(const struct take *take)
{
    return gst_app_sink_try_pull_sample(GST_APP_SINK(take_element(take, "out")),
                                        PATIENCE_S * GST_SECOND);
}

int take_pull_all(const struct take *take)
{
    int n = 0;
    for (GstSample *sample; (sample = take_pull(take)) != NULL; n++)
        gst_sample_unref(sample);
    return n;
}

double studio_likeness(GstSample *a, GstSample *b)
{
    GstVideoInfo info;
    GstVideoFrame left, right;
    uint64_t n_same = 0;
    assert_true(gst_video_info_from_caps(&info, gst_sample_get_caps(a)));
    assert_true(gst_video_frame_map(&left, &info, gst_sample_get_buffer(a), GST_MAP_READ));
    assert_true(gst_video_frame_map(&right, &info, gst_sample_get_buffer(b), GST_MAP_READ));
    for (int y = 0; y < info.height; y++) {
        const guint8 *l = (const guint8 *)GST_VIDEO_FRAME_PLANE_DATA(&left, 0) +
                          y * GST_VIDEO_FRAME_PLANE_STRIDE(&left, 0);
        const guint8 *r = (const guint8 *)GST_VIDEO_FRAME_PLANE_DATA(&right, 0) +
                          y * GST_VIDEO_FRAME_PLANE_STRIDE(&right, 0);
        for (int x = 0; x < info.width; x++)
            n_same += l[x] == r[x];
    }
    gst_video_frame_unmap(&left);
    gst_video_frame_unmap(&right);
    return (double)n_same / ((double)info.width * info.height);
}
