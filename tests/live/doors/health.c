/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "http/health.h"

/* When a camera counts as well. */

static const gint64 second_us = 1000000, now_us = 1000000000;

static char name[] = "front", directory[] = "/somewhere", nowhere[] = "";

static struct camera_config config = {
    .name = name, .source = {.stall_s = 5}, .record = {.directory = nowhere}};

/* One that has run for a minute. */
static struct health_camera running(void)
{
    struct health_camera camera = {.config = &config};
    camera.values.state = CAMERA_RUNNING;
    camera.values.since_us = now_us - 60 * second_us;
    camera.values.detection_rate = 8;
    camera.values.streams[STREAM_MAIN].last_us = now_us - second_us / 25;
    config.record.directory = nowhere;
    return camera;
}

static void one_that_runs_and_detects_is_well(void **state)
{
    (void)state;
    const struct health_camera camera = running();
    assert_int_equal(health_problems(&camera, now_us), 0);
}

static void one_in_any_other_state_is_not(void **state)
{
    (void)state;
    for (int s = CAMERA_STARTING; s <= CAMERA_STOPPED; s++) {
        struct health_camera camera = running();
        camera.values.state = (enum camera_state)s;
        assert_int_equal(health_problems(&camera, now_us), s == CAMERA_RUNNING ? 0 : HEALTH_SOURCE);
    }
}

static void one_that_gives_no_pictures_is_not(void **state)
{
    (void)state;
    struct health_camera camera = running();
    camera.values.streams[STREAM_MAIN].last_us = now_us - 6 * second_us;
    assert_int_equal(health_problems(&camera, now_us), HEALTH_SOURCE);
    camera.values.streams[STREAM_MAIN].last_us = 0;
    assert_int_equal(health_problems(&camera, now_us), HEALTH_SOURCE);
}

static void one_that_detects_nothing_is_not(void **state)
{
    (void)state;
    struct health_camera camera = running();
    camera.values.detection_rate = 0;
    assert_int_equal(health_problems(&camera, now_us), HEALTH_DETECTOR);
}

static void one_that_should_record_and_does_not_is_not(void **state)
{
    (void)state;
    struct health_camera camera = running();
    config.record.directory = directory;
    assert_int_equal(health_problems(&camera, now_us), HEALTH_RECORDER);
    camera.values.recording = true;
    assert_int_equal(health_problems(&camera, now_us), 0);
    camera.values.recording = false;
    camera.values.detection_rate = 0;
    assert_int_equal(health_problems(&camera, now_us), HEALTH_RECORDER | HEALTH_DETECTOR);
}

static void one_that_just_began_to_run_is_given_time(void **state)
{
    (void)state;
    struct health_camera camera = running();
    config.record.directory = directory;
    camera.values.detection_rate = 0;
    camera.values.since_us = now_us - 5 * second_us;
    assert_int_equal(health_problems(&camera, now_us), 0);
}

static void all_are_well_or_the_service_is_not(void **state)
{
    (void)state;
    struct health_camera cameras[2] = {running(), running()};
    GString *text = g_string_new(NULL);
    assert_true(health_write(text, cameras, 2, now_us));
    assert_non_null(strstr(text->str, "\"status\": \"ok\""));
    g_string_truncate(text, 0);
    cameras[1].values.state = CAMERA_STALLED;
    assert_false(health_write(text, cameras, 2, now_us));
    assert_non_null(strstr(text->str, "\"status\": \"failing\""));
    assert_non_null(strstr(text->str, "\"state\": \"stalled\", \"problems\": [\"source\"]"));
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_runs_and_detects_is_well),
        cmocka_unit_test(one_in_any_other_state_is_not),
        cmocka_unit_test(one_that_gives_no_pictures_is_not),
        cmocka_unit_test(one_that_detects_nothing_is_not),
        cmocka_unit_test(one_that_should_record_and_does_not_is_not),
        cmocka_unit_test(one_that_just_began_to_run_is_given_time),
        cmocka_unit_test(all_are_well_or_the_service_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
