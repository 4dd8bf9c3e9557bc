/* SPDX-License-Identifier: Apache-2.0 */
#include "studio.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

/* Whatever happens, what leaves is masked, or nothing leaves. */

#define IN       "appsrc name=in format=time max-bytes=0 ! "
#define PICTURES " ! appsink name=out sync=false max-buffers=0"
#define TO_UNITS                                                                                   \
    " ! x264enc tune=zerolatency ! h264parse ! bautaattach name=a ! appsink name=out sync=false"

/* More likeness than a whole picture's mask can have with the clear picture by chance. */
static const double alike = 0.2;

static void an_attach_without_protect_passes_nothing(void **state)
{
    struct take take;
    (void)state;
    take_begin(&take, "videotestsrc num-buffers=5 ! x264enc tune=zerolatency ! h264parse ! "
                      "bautaattach ! appsink name=out sync=false");
    assert_int_equal(0, take_pull_all(&take));
    assert_false(take_finish(&take));
    assert_non_null(strstr(take.error, "no bautaprotect upstream"));
    take_end(&take);
}

static void without_a_recipient_nothing_starts(void **state)
{
    struct take take;
    (void)state;
    take_begin(&take, "videotestsrc num-buffers=5 ! bautaprotect" PICTURES);
    assert_false(take_finish(&take));
    assert_non_null(strstr(take.error, "recipient"));
    take_end(&take);
}

static void a_recover_without_its_log_shows_nothing(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               "videotestsrc num-buffers=5 ! video/x-raw,format=I420 ! x264enc tune=zerolatency ! "
               "h264parse ! bautacollect ! "
               "avdec_h264 ! bautarecover reason=test key=%s audit=/dev/null/none" PICTURES,
               s->key);
    assert_int_equal(0, take_pull_all(&take));
    assert_false(take_finish(&take));
    assert_non_null(strstr(take.error, "audit log"));
    take_end(&take);
}

static void a_recover_without_collect_shows_nothing(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               "videotestsrc num-buffers=5 ! bautarecover reason=test key=%s audit=%s" PICTURES,
               s->key, s->audit);
    assert_int_equal(0, take_pull_all(&take));
    assert_false(take_finish(&take));
    assert_non_null(strstr(take.error, "no bautacollect"));
    take_end(&take);
}

static void pictures_that_wait_leave_at_the_end(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take, IN "bautaprotect name=p realtime=no lookahead=10000 recipients=%s" PICTURES,
               s->pub);
    for (int i = 0; i < 12; i++)
        take_feed(&take, s, i, 100 * i);
    take_end_feed(&take);
    assert_int_equal(12, take_pull_all(&take));
    assert_int_equal(12, take_count(&take, "p", "pictures-in"));
    assert_int_equal(0, take_count(&take, "p", "whole"));
    take_end(&take);
}

static void a_detector_that_never_answers_hides_everything(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               IN
               "bautaprotect name=p realtime=yes detector-program=/bin/true recipients=%s" PICTURES,
               s->pub);
    for (int i = 0; i < 12; i++)
        take_feed(&take, s, i, 100 * i);
    take_end_feed(&take);
    for (int i = 0; i < 12; i++) {
        GstSample *masked = take_pull(&take);
        assert_true(studio_likeness(masked, s->clear[i]) < alike);
        gst_sample_unref(masked);
    }
    assert_int_equal(12, take_count(&take, "p", "whole"));
    take_end(&take);
}

/* Feeds pictures until the detector has answered once, and gives the time after the last. */
static int64_t feed_until_seen(const struct take *take, const struct studio *s)
{
    int64_t time_ms = 0;
    for (int i = 0; take_count(take, "p", "detections") == 0; i++) {
        take_feed(take, s, 0, time_ms);
        time_ms += 10; /* and in real time perhaps more: it has to load its models */
        gst_sample_unref(take_pull(take));
        assert_true(i < 100000);
    }
    return time_ms;
}

/* With a detector that gets `signal_` in the middle of the run: masks grow, until all is hidden. */
static void hides_everything_after(const struct studio *s, int signal_)
{
    struct take take;
    take_begin(
        &take,
        IN "bautaprotect name=p realtime=yes lookahead=0 longest-gap=500 recipients=%s" PICTURES,
        s->pub);
    int64_t time_ms = feed_until_seen(&take, s);
    kill((pid_t)take_count(&take, "p", "detector-pid"), signal_);
    double likeness = 1;
    for (int i = 0; i < 40; i++) {
        time_ms += 100;
        take_feed(&take, s, 0, time_ms);
        GstSample *masked = take_pull(&take);
        likeness = studio_likeness(masked, s->clear[0]);
        gst_sample_unref(masked);
    }
    assert_true(likeness < alike);
    assert_true(take_count(&take, "p", "blind") > 20);
    take_end(&take);
}

static void a_detector_that_stops_hides_everything(void **state)
{
    hides_everything_after(*state, SIGSTOP);
}

static void a_detector_that_is_killed_hides_everything_and_comes_back(void **state)
{
    const struct studio *s = *state;
    struct take take;
    hides_everything_after(s, SIGKILL);
    take_begin(&take, IN "bautaprotect name=p realtime=no lookahead=0 recipients=%s" PICTURES,
               s->pub);
    int64_t time_ms = feed_until_seen(&take, s);
    kill((pid_t)take_count(&take, "p", "detector-pid"), SIGKILL);
    for (int i = 0;
         take_count(&take, "p", "detector-restarts") == 0 || take_count(&take, "p", "targets") < 2;
         i++) {
        take_feed(&take, s, 0, time_ms += 100);
        gst_sample_unref(take_pull(&take));
        assert_true(i < 1000);
    }
    take_end(&take);
}

static void another_size_begins_another_stream(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               IN "videoscale ! capsfilter name=f caps=video/x-raw,width=320,height=240 ! "
                  "bautaprotect name=p realtime=no recipients=%s always=0,0,64,64 ! "
                  "x264enc bframes=2 ! h264parse ! bautaattach name=a ! bautacollect ! "
                  "avdec_h264 ! bautarecover name=r reason=test key=%s audit=%s" PICTURES,
               s->pub, s->key, s->audit);
    for (int i = 0; i < 10; i++)
        take_feed(&take, s, i, 100 * i);
    while (take_count(&take, "p", "pictures-in") < 10)
        g_thread_yield();
    GstCaps *caps = gst_caps_from_string("video/x-raw,width=160,height=128");
    g_object_set(take_element(&take, "f"), "caps", caps, NULL);
    gst_caps_unref(caps);
    for (int i = 10; i < 20; i++)
        take_feed(&take, s, i, 100 * i);
    take_end_feed(&take);
    assert_int_equal(20, take_pull_all(&take));
    if (!take_finish(&take))
        fail_msg("%s", take.error);
    assert_int_equal(20, take_count(&take, "a", "access-units"));
    assert_true(take_count(&take, "r", "revealed") >= 20);
    assert_int_equal(0, take_count(&take, "r", "missing") + take_count(&take, "r", "broken") +
                            take_count(&take, "r", "unprotected"));
    take_end(&take);
}

static void one_picture_that_goes_back_is_dropped_and_a_clock_that_does_is_followed(void **state)
{
    const struct studio *s = *state;
    static const int64_t times_ms[] = {5000, 5100, 5050, 5200, 0, 1000, 2000, 2100};
    struct take take;
    take_begin(&take, IN "bautaprotect name=p realtime=yes recipients=%s" TO_UNITS, s->pub);
    for (size_t i = 0; i < G_N_ELEMENTS(times_ms); i++)
        take_feed(&take, s, (int)i, times_ms[i]);
    take_end_feed(&take);
    GstClockTime last = 0;
    for (int i = 0; i < 5; i++) { /* without 5050, 0 and 1000 */
        GstSample *unit = take_pull(&take);
        assert_non_null(unit);
        GstClockTime pts = GST_BUFFER_PTS(gst_sample_get_buffer(unit));
        assert_true(i == 0 || (pts > last && pts < last + 3 * GST_SECOND));
        last = pts;
        gst_sample_unref(unit);
    }
    assert_null(take_pull(&take));
    assert_int_equal(3, take_count(&take, "p", "dropped"));
    assert_int_equal(5, take_count(&take, "a", "access-units"));
    assert_int_equal(0, take_count(&take, "a", "not-key"));
    take_end(&take);
}

/* Lets pictures of these times pass, the third of them announced by `flag`; gives where the last
 * came out. */
static GstClockTime pass_times(struct take *take, const struct studio *s, const int64_t times_ms[3],
                               GstBufferFlags flag, bool gap)
{
    take_begin(take, IN "bautaprotect realtime=yes lookahead=0 recipients=%s" PICTURES, s->pub);
    for (int i = 0; i < 2; i++) {
        take_feed(take, s, i, times_ms[i]);
        gst_sample_unref(take_pull(take));
    }
    if (gap)
        gst_element_send_event(
            take_element(take, "in"),
            gst_event_new_gap((GstClockTime)times_ms[1] * GST_MSECOND, GST_CLOCK_TIME_NONE));
    GstBuffer *buffer = gst_buffer_copy(gst_sample_get_buffer(s->clear[2]));
    GST_BUFFER_PTS(buffer) = (GstClockTime)times_ms[2] * GST_MSECOND;
    GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
    gst_buffer_unset_flags(buffer, GST_BUFFER_FLAG_DISCONT);
    gst_buffer_set_flags(buffer, flag);
    gst_app_src_push_buffer(GST_APP_SRC(take_element(take, "in")), buffer);
    take_end_feed(take);
    GstSample *last = take_pull(take);
    assert_non_null(last);
    GstClockTime pts = GST_BUFFER_PTS(gst_sample_get_buffer(last));
    gst_sample_unref(last);
    assert_null(take_pull(take));
    assert_true(take_finish(take));
    return pts;
}

static void a_clock_that_jumps_far_ahead_is_followed_and_told(void **state)
{
    static const int64_t far[] = {5000, 5100, 3605100}, near[] = {5000, 5100, 65100};
    struct take take;
    assert_true(pass_times(&take, *state, far, 0, false) == 3605100 * GST_MSECOND);
    assert_non_null(strstr(take.warning, "At 3605.100 s times jump ahead by 3600.000 s"));
    take_end(&take);
    assert_true(pass_times(&take, *state, near, 0, false) == 65100 * GST_MSECOND);
    assert_string_equal("", take.warning);
    take_end(&take);
}

static void a_pause_that_is_announced_is_no_fault(void **state)
{
    static const int64_t times_ms[] = {5000, 5100, 3605100};
    struct take take;
    pass_times(&take, *state, times_ms, GST_BUFFER_FLAG_DISCONT, false);
    assert_string_equal("", take.warning);
    take_end(&take);
    pass_times(&take, *state, times_ms, 0, true);
    assert_string_equal("", take.warning);
    take_end(&take);
}

/* The names of the tags that come out, of those of a source; NULL: there are none. */
static char *tags_that_pass(const struct studio *s, const char *options)
{
    struct take take;
    char *line =
        g_strdup_printf(IN "bautaprotect name=p realtime=no %s recipients=%%s" PICTURES, options);
    take_begin(&take, line, s->pub);
    g_free(line);
    GstTagList *tags =
        gst_tag_list_new(GST_TAG_TITLE, "a title", GST_TAG_COMMENT, "a comment",
                         GST_TAG_GEO_LOCATION_LATITUDE, 45.0, GST_TAG_PREVIEW_IMAGE, s->clear[0],
                         GST_TAG_IMAGE, s->clear[0], GST_TAG_LANGUAGE_CODE, "it", NULL);
    take_feed(&take, s, 0, 0);
    while (take_count(&take, "p", "pictures-in") < 1)
        g_thread_yield();
    gst_element_send_event(take_element(&take, "in"), gst_event_new_tag(tags));
    take_feed(&take, s, 1, 100);
    take_end_feed(&take);
    assert_int_equal(2, take_pull_all(&take));
    GstPad *pad = gst_element_get_static_pad(take_element(&take, "out"), "sink");
    GstEvent *event = gst_pad_get_sticky_event(pad, GST_EVENT_TAG, 0);
    assert_non_null(event);
    gst_event_parse_tag(event, &tags);
    GString *names = g_string_new(NULL);
    for (gint i = 0; i < gst_tag_list_n_tags(tags); i++)
        g_string_append_printf(names, "%s ", gst_tag_list_nth_tag_name(tags, (guint)i));
    gst_event_unref(event);
    gst_object_unref(pad);
    take_end(&take);
    return g_string_free(names, FALSE);
}

static void no_tag_carries_a_picture_or_a_name_past_the_mask(void **state)
{
    char *names = tags_that_pass(*state, "");
    assert_string_equal(GST_TAG_LANGUAGE_CODE " ", names);
    g_free(names);
}

static void tags_but_pictures_pass_for_who_wants_them(void **state)
{
    char *names = tags_that_pass(*state, "keep-tags=true");
    assert_non_null(strstr(names, GST_TAG_TITLE " "));
    assert_non_null(strstr(names, GST_TAG_COMMENT " "));
    assert_non_null(strstr(names, GST_TAG_GEO_LOCATION_LATITUDE " "));
    assert_null(strstr(names, "image"));
    g_free(names);
}

static void nothing_of_the_clear_buffer_leaves_with_the_masked_one(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take, IN "bautaprotect name=p realtime=no lookahead=0 recipients=%s" PICTURES,
               s->pub);
    GstCaps *caps = gst_sample_get_caps(s->clear[0]);
    gst_app_src_set_caps(GST_APP_SRC(take_element(&take, "in")), caps);
    GstBuffer *buffer = gst_buffer_copy_deep(gst_sample_get_buffer(s->clear[0]));
    GstBuffer *clear = gst_sample_get_buffer(s->clear[1]);
    GST_BUFFER_PTS(buffer) = 0;
    gst_buffer_add_parent_buffer_meta(buffer, clear);
    gst_buffer_add_reference_timestamp_meta(
        buffer, gst_static_caps_get(&(GstStaticCaps)GST_STATIC_CAPS("timestamp/x-unix")), 7, 0);
    gst_app_src_push_buffer(GST_APP_SRC(take_element(&take, "in")), buffer);
    GstSample *masked = take_pull(&take);
    GstBuffer *out = gst_sample_get_buffer(masked);
    assert_null(gst_buffer_get_parent_buffer_meta(out));
    assert_non_null(gst_buffer_get_reference_timestamp_meta(out, NULL));
    gst_sample_unref(masked);
    take_end(&take);
}

/* Feeds a picture of an empty scene. */
static void feed_empty(const struct take *take, const struct studio *s, int64_t time_ms)
{
    GstBuffer *buffer = gst_buffer_copy_deep(gst_sample_get_buffer(s->clear[0]));
    GstMapInfo map;
    assert_true(gst_buffer_map(buffer, &map, GST_MAP_WRITE));
    memset(map.data, 128, map.size);
    gst_buffer_unmap(buffer, &map);
    GST_BUFFER_PTS(buffer) = (GstClockTime)time_ms * GST_MSECOND;
    GST_BUFFER_DURATION(buffer) = 100 * GST_MSECOND;
    gst_app_src_push_buffer(GST_APP_SRC(take_element(take, "in")), buffer);
}

static void what_was_seen_before_a_flush_counts_for_nothing_after_it(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               IN
               "bautaprotect name=p realtime=yes lookahead=0 detect-every=1 recipients=%s" PICTURES,
               s->pub);
    int64_t time_ms = feed_until_seen(&take, s);
    feed_empty(&take, s, time_ms + 100); /* the detector is at work on this one */
    gst_sample_unref(take_pull(&take));
    gst_element_send_event(take_element(&take, "in"), gst_event_new_flush_start());
    gst_element_send_event(take_element(&take, "in"), gst_event_new_flush_stop(TRUE));
    g_usleep(G_USEC_PER_SEC); /* and has answered */
    kill((pid_t)take_count(&take, "p", "detector-pid"), SIGSTOP);
    for (int i = 0; i < 5; i++) {
        take_feed(&take, s, i, 100 * i);
        GstSample *masked = take_pull(&take);
        assert_true(studio_likeness(masked, s->clear[i]) < alike);
        gst_sample_unref(masked);
    }
    take_end(&take);
}

static GstPadProbeReturn release_sub(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    GstElement *protect = gst_pad_get_parent_element(pad);
    GstPad *sub = gst_element_get_static_pad(protect, "sub_0");
    (void)info;
    (void)user;
    gst_element_release_request_pad(protect, sub);
    gst_object_unref(sub);
    gst_object_unref(protect);
    return GST_PAD_PROBE_REMOVE;
}

static void a_sub_pad_that_is_taken_away_stops_nobody_else(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               IN "bautaprotect name=p realtime=yes lookahead=0 recipients=%s" PICTURES
                  " p.sub_0 ! fakesink async=false sync=false",
               s->pub);
    for (int i = 0; i < 10; i++) {
        if (i == 3) { /* while a picture is on its way: `src` gets its own first */
            GstPad *src = gst_element_get_static_pad(take_element(&take, "p"), "src");
            gst_pad_add_probe(src, GST_PAD_PROBE_TYPE_BUFFER, release_sub, NULL, NULL);
            gst_object_unref(src);
        }
        take_feed(&take, s, i, 100 * i);
        gst_sample_unref(take_pull(&take));
    }
    take_end(&take);
}

static void interlaced_pictures_have_sub_streams(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               "videotestsrc num-buffers=5 ! video/x-raw,format=I420,width=320,height=240,"
               "framerate=25/1,interlace-mode=interleaved ! bautaprotect name=p realtime=yes "
               "recipients=%s ! fakesink async=false sync=false p.sub_0 ! video/x-raw,width=160 ! "
               "appsink name=out sync=false async=false",
               s->pub);
    assert_int_equal(5, take_pull_all(&take));
    take_end(&take);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attach_without_protect_passes_nothing),
        cmocka_unit_test(without_a_recipient_nothing_starts),
        cmocka_unit_test(a_recover_without_its_log_shows_nothing),
        cmocka_unit_test(a_recover_without_collect_shows_nothing),
        cmocka_unit_test(pictures_that_wait_leave_at_the_end),
        cmocka_unit_test(a_detector_that_never_answers_hides_everything),
        cmocka_unit_test(a_detector_that_stops_hides_everything),
        cmocka_unit_test(a_detector_that_is_killed_hides_everything_and_comes_back),
        cmocka_unit_test(what_was_seen_before_a_flush_counts_for_nothing_after_it),
        cmocka_unit_test(a_sub_pad_that_is_taken_away_stops_nobody_else),
        cmocka_unit_test(interlaced_pictures_have_sub_streams),
        cmocka_unit_test(another_size_begins_another_stream),
        cmocka_unit_test(one_picture_that_goes_back_is_dropped_and_a_clock_that_does_is_followed),
        cmocka_unit_test(a_clock_that_jumps_far_ahead_is_followed_and_told),
        cmocka_unit_test(a_pause_that_is_announced_is_no_fault),
        cmocka_unit_test(no_tag_carries_a_picture_or_a_name_past_the_mask),
        cmocka_unit_test(tags_but_pictures_pass_for_who_wants_them),
        cmocka_unit_test(nothing_of_the_clear_buffer_leaves_with_the_masked_one),
    };
    return cmocka_run_group_tests(tests, studio_set_up, studio_tear_down);
}
