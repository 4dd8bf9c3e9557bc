/* SPDX-License-Identifier: Apache-2.0 */
#include "studio.h"

#include <stdio.h>
#include <string.h>

#include <bauta/file.h>

/* What other elements do to ours, and ours to them. */

enum { PICTURES = 60 };

/* A sink that is told to show pictures in time, and is never in time, so that it says so upstream.
 */
#define SLOW_VIEWER                                                                                \
    "queue max-size-buffers=2 max-size-bytes=0 max-size-time=0 ! identity sleep-time=30000 ! "     \
    "fakesink sync=true qos=true max-lateness=-1 async=false "
#define RECORDER "queue ! appsink name=out sync=false async=false "
/* Stands idle, and leaves out what it is told would be late. */
#define CONVERTER "videoconvert qos=true ! "

/* A film of 60 pictures, and nobody in it. */
#define FILM                                                                                       \
    "videotestsrc num-buffers=60 ! "                                                               \
    "video/x-raw,format=I420,width=160,height=120,framerate=100/1 ! "

static void a_slow_viewer_costs_a_recording_nothing(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               FILM CONVERTER "bautaprotect realtime=yes detector-program=/bin/true lookahead=0 "
                              "recipients=%s ! tee name=t ! " SLOW_VIEWER "t. ! " RECORDER,
               s->pub);
    assert_int_equal(PICTURES, take_pull_all(&take));
    take_end(&take);
}

static void a_slow_viewer_of_the_coded_stream_costs_a_recording_nothing(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               FILM CONVERTER
               "bautaprotect realtime=yes detector-program=/bin/true lookahead=0 recipients=%s ! "
               "x264enc tune=zerolatency qos=true ! h264parse ! bautaattach ! "
               "tee name=t ! " SLOW_VIEWER "t. ! " RECORDER,
               s->pub);
    assert_int_equal(PICTURES, take_pull_all(&take));
    take_end(&take);
}

/* Makes a masked recording in which half of the pictures are B-pictures, in s->out. */
static void record_film(const struct studio *s)
{
    struct take take;
    take_begin(&take,
               FILM "bautaprotect realtime=yes detector-program=/bin/true lookahead=0 "
                    "recipients=%s ! x264enc bframes=1 b-adapt=false ! h264parse ! bautaattach ! "
                    "h264parse ! matroskamux ! filesink location=%s",
               s->pub, s->out);
    if (!take_finish(&take))
        fail_msg("%s", take.error);
    take_end(&take);
}

static void a_slow_viewer_of_what_is_recovered_costs_a_copy_of_it_nothing(void **state)
{
    const struct studio *s = *state;
    struct take take;
    record_film(s);
    take_begin(&take,
               "filesrc location=%s ! matroskademux ! h264parse ! bautacollect ! avdec_h264 ! "
               "bautarecover name=r reason=test key=%s audit=%s ! tee name=t ! " SLOW_VIEWER
               "t. ! " RECORDER,
               s->out, s->key, s->audit);
    assert_int_equal(PICTURES, take_pull_all(&take));
    take_end(&take);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_viewer_costs_a_recording_nothing),
        cmocka_unit_test(a_slow_viewer_of_the_coded_stream_costs_a_recording_nothing),
        cmocka_unit_test(a_slow_viewer_of_what_is_recovered_costs_a_copy_of_it_nothing),
    };
    return cmocka_run_group_tests(tests, studio_set_up, studio_tear_down);
}
