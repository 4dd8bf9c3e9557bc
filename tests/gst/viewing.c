/* SPDX-License-Identifier: Apache-2.0 */
#include "studio.h"

#include <stdio.h>
#include <string.h>

#include <gst/video/video.h>

/* People are found as a player shows them, however they are stored. */

#define IN       "appsrc name=in format=time max-bytes=0 ! "
#define PROTECT  "bautaprotect name=p realtime=no lookahead=0 detect-every=3 recipients=%s "
#define PICTURES " ! appsink name=out sync=false max-buffers=0"

/* Which people are found in all pictures, by those who are in the last. */
static uint64_t count_targets(const struct studio *s, const char *before, const char *settings)
{
    struct take take;
    take_begin(&take, IN "%s" PROTECT "%s" PICTURES, before, s->pub, settings);
    take_feed_all(&take, s);
    assert_int_equal(STUDIO_PICTURES, take_pull_all(&take));
    uint64_t n = take_count(&take, "p", "targets");
    take_end(&take);
    return n;
}

static uint64_t count_upright(const struct studio *s)
{
    static uint64_t n;
    if (n == 0)
        n = count_targets(s, "", "");
    return n;
}

static void check_found(const struct studio *s, const char *name, const char *before,
                        const char *settings)
{
    uint64_t upright = count_upright(s), n = count_targets(s, before, settings);
    assert_true(upright > 4);
    if (4 * n < 3 * upright)
        fail_msg("%s: %u of %u people are found", name, (unsigned)n, (unsigned)upright);
}

static void people_are_found_as_tags_say_that_they_stand(void **state)
{
    static const struct {
        const char *stored, *tag;
    } ways[] = {{"90l", "rotate-90"},
                {"180", "rotate-180"},
                {"ur-ll", "flip-rotate-90"},
                {"ul-lr", "flip-rotate-270"}};
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        char before[128];
        snprintf(before, sizeof(before),
                 "videoflip video-direction=%s ! taginject tags=image-orientation=%s ! ",
                 ways[i].stored, ways[i].tag);
        check_found(*state, ways[i].tag, before, "");
    }
    uint64_t n = count_targets(*state, "videoflip video-direction=90l ! ", "");
    assert_true(n < count_upright(*state) / 2); /* or this test shows nothing */
}

static void people_are_found_by_what_the_operator_says(void **state)
{
    check_found(*state, "turn", "videoflip video-direction=90l ! ", "turn=90");
    check_found(*state, "turn on top of a tag",
                "videoflip video-direction=180 ! taginject tags=image-orientation=rotate-270 ! ",
                "turn=270");
}

static void people_are_found_in_pixels_that_are_not_square(void **state)
{
    check_found(*state, "2:1",
                "videoscale ! video/x-raw,width=384,height=576,pixel-aspect-ratio=2/1 ! ", "");
    check_found(*state, "1:2",
                "videoscale ! video/x-raw,width=768,height=288,pixel-aspect-ratio=1/2 ! ", "");
    check_found(*state, "1:2 that nobody tells",
                "videoscale add-borders=false ! video/x-raw,width=768,height=288 ! "
                "capssetter caps=video/x-raw,pixel-aspect-ratio=1/1 ! ",
                "aspect=1:2");
}

/* Degrees of the message in which bautaprotect says them; -1: there is none. */
static int read_turn(const struct take *take)
{
    int turn = -1;
    GstBus *bus = gst_element_get_bus(take->pipeline);
    for (GstMessage *m; (m = gst_bus_pop_filtered(bus, GST_MESSAGE_ELEMENT)) != NULL;) {
        if (gst_message_has_name(m, "bauta-turn"))
            gst_structure_get_int(gst_message_get_structure(m), "turn", &turn);
        gst_message_unref(m);
    }
    gst_object_unref(bus);
    return turn;
}

static void how_people_stand_is_seen_by_itself(void **state)
{
    static const struct {
        const char *stored;
        int turn;
    } ways[] = {{"identity", 0}, {"90l", 90}, {"180", 180}, {"90r", 270}};
    const struct studio *s = *state;
    uint64_t upright = count_upright(s);
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        struct take take;
        take_begin(&take, IN "videoflip video-direction=%s ! " PROTECT "turn=auto" PICTURES,
                   ways[i].stored, s->pub);
        take_feed_all(&take, s);
        assert_int_equal(STUDIO_PICTURES, take_pull_all(&take));
        assert_int_equal(ways[i].turn, read_turn(&take));
        assert_true(4 * take_count(&take, "p", "targets") >= 3 * upright);
        take_end(&take);
    }
}

static void until_it_is_clear_how_people_stand_everything_is_hidden(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               "videotestsrc num-buffers=30 pattern=gradient ! "
               "video/x-raw,format=I420,width=320,height=240,framerate=10/1 ! " PROTECT
               "turn=auto" PICTURES,
               s->pub);
    assert_int_equal(30, take_pull_all(&take));
    assert_int_equal(-1, read_turn(&take));
    assert_int_equal(30, take_count(&take, "p", "whole"));
    take_end(&take);
}

static void a_camera_that_is_turned_over_is_followed(void **state)
{
    const struct studio *s = *state;
    struct take take;
    uint64_t upright = count_upright(s);
    take_begin(&take, IN "videoflip name=f ! " PROTECT PICTURES, s->pub);
    for (int i = 0; i < 10; i++)
        take_feed(&take, s, i, 100 * i);
    for (int i = 0; i < 10; i++)
        gst_sample_unref(take_pull(&take));
    g_object_set(take_element(&take, "f"), "video-direction", GST_VIDEO_ORIENTATION_180, NULL);
    GstTagList *tags = gst_tag_list_new(GST_TAG_IMAGE_ORIENTATION, "rotate-180", NULL);
    gst_element_send_event(take_element(&take, "in"), gst_event_new_tag(tags));
    for (int i = 10; i < STUDIO_PICTURES; i++)
        take_feed(&take, s, i, 100 * i);
    take_end_feed(&take);
    assert_int_equal(STUDIO_PICTURES - 10, take_pull_all(&take));
    assert_true(4 * take_count(&take, "p", "targets") >= 3 * upright);
    assert_int_equal(0, take_count(&take, "p", "whole"));
    take_end(&take);
}

static void a_sub_stream_is_shown_as_the_main_one(void **state)
{
    const struct studio *s = *state;
    struct take take;
    char *orientation = NULL;
    take_begin(&take,
               IN "taginject tags=image-orientation=rotate-180 ! " PROTECT
                  "! fakesink async=false p.sub_0 ! video/x-raw,width=320 ! "
                  "appsink name=out sync=false async=false",
               s->pub);
    take_feed(&take, s, 0, 0);
    take_end_feed(&take);
    assert_int_equal(1, take_pull_all(&take));
    GstPad *pad = gst_element_get_static_pad(take_element(&take, "out"), "sink");
    GstEvent *event = gst_pad_get_sticky_event(pad, GST_EVENT_TAG, 0);
    assert_non_null(event);
    GstTagList *tags;
    gst_event_parse_tag(event, &tags);
    assert_true(gst_tag_list_get_string(tags, GST_TAG_IMAGE_ORIENTATION, &orientation));
    assert_string_equal("rotate-180", orientation);
    g_free(orientation);
    gst_event_unref(event);
    gst_object_unref(pad);
    take_end(&take);
}

static void an_aspect_that_makes_no_sense_is_refused(void **state)
{
    const struct studio *s = *state;
    static const char *const aspects[] = {"2", "2:0", "0:1", "-1:1", "2:1x", "a:b"};
    for (size_t i = 0; i < G_N_ELEMENTS(aspects); i++) {
        struct take take;
        take_begin(&take, "videotestsrc num-buffers=2 ! " PROTECT "aspect=%s" PICTURES, s->pub,
                   aspects[i]);
        assert_false(take_finish(&take));
        assert_non_null(strstr(take.error, "aspect"));
        take_end(&take);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_are_found_as_tags_say_that_they_stand),
        cmocka_unit_test(people_are_found_by_what_the_operator_says),
        cmocka_unit_test(people_are_found_in_pixels_that_are_not_square),
        cmocka_unit_test(how_people_stand_is_seen_by_itself),
        cmocka_unit_test(until_it_is_clear_how_people_stand_everything_is_hidden),
        cmocka_unit_test(a_camera_that_is_turned_over_is_followed),
        cmocka_unit_test(a_sub_stream_is_shown_as_the_main_one),
        cmocka_unit_test(an_aspect_that_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, studio_set_up, studio_tear_down);
}
