/* SPDX-License-Identifier: Apache-2.0 */

/*
 * bits DATA_DIR CLIP
 *
 * What each property of the mosaic costs or saves: masks the clip (768 x 576) in several ways and
 * encodes each with x264, preset veryfast, rate factor 23, two seconds a GOP. Prints a JSON object
 * a line with the bytes of the stream, without recovery data.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "crypto/random.h"
#include "detect/detector.h"
#include "mask/mosaic.h"
#include "mask/plan.h"
#include "track/tracker.h"

#include "follow.h"

enum { WIDTH = 768, HEIGHT = 576, MOST = 1000, STEP_US = 100000, LOOKAHEAD = 10 };

static struct bt_sightings sightings[MOST];
static struct bt_frame frame;
static const char *data_dir, *clip;
static bool follows; /* masks follow their targets instead of staying put */

static void fail(const char *what)
{
    fprintf(stderr, "bits: %s\n", what);
    exit(1);
}

static bool draw(uint8_t *out, size_t size)
{
    return bt_random(out, size) == BAUTA_OK;
}

static FILE *open_pipe(const char *format, const char *path, const char *mode)
{
    char command[4352];
    if (strchr(path, '\''))
        fail("a path with a quote in it");
    snprintf(command, sizeof(command), format, path);
    FILE *pipe = popen(command, mode);
    if (!pipe)
        fail("ffmpeg does not start");
    return pipe;
}

static FILE *open_clip(void)
{
    return open_pipe("ffmpeg -v error -i '%s' -f rawvideo -pix_fmt yuv420p - </dev/null", clip,
                     "r");
}

/* Frames of whole planes without gaps are not given; rows are. */
static bool move_picture(FILE *pipe, bool in)
{
    const struct bauta_picture *p = &frame.picture;
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < HEIGHT / (i ? 2 : 1); y++) {
            uint8_t *row = p->planes[i] + y * p->strides[i];
            size_t n = (size_t)(i ? WIDTH / 2 : WIDTH);
            if ((in ? fread(row, 1, n, pipe) : fwrite(row, 1, n, pipe)) != n)
                return false;
        }
    return true;
}

/* Gives the number of pictures. */
static int find_all(void)
{
    static struct bt_detections found;
    struct bt_detector_settings d;
    struct bt_tracker_settings t;
    struct bt_detector *detector;
    struct bt_tracker *tracker;
    int n_looked = 0, n = 0;
    bt_detector_settings_init(&d);
    d.data_dir = data_dir;
    d.width = WIDTH;
    d.height = HEIGHT;
    d.n_threads = 2;
    bt_tracker_settings_init(&t, WIDTH, HEIGHT);
    t.lookahead = LOOKAHEAD;
    if (bt_detector_new(&detector, &d) || bt_tracker_new(&tracker, &t))
        fail("the detector cannot be made");
    FILE *pipe = open_clip();
    for (; n_looked < MOST && move_picture(pipe, true); n_looked++) {
        const struct bt_clear clear = {frame.picture};
        if (bt_detector_find(detector, &found, &clear))
            fail("the detector failed");
        bt_tracker_look(tracker, &found, (int64_t)n_looked * STEP_US);
        if (bt_tracker_waiting(tracker) > LOOKAHEAD)
            bt_tracker_give(tracker, &sightings[n++]);
    }
    while (bt_tracker_waiting(tracker) > 0)
        bt_tracker_give(tracker, &sightings[n++]);
    pclose(pipe);
    bt_detector_free(&detector);
    bt_tracker_free(&tracker);
    return n;
}

static long encode(int n, const struct bt_mosaic_settings *settings, int blocks)
{
    struct bt_planner planner;
    struct bt_mosaic *mosaic = NULL;
    char name[] = "/tmp/bauta-bits-XXXXXX";
    int file = mkstemp(name);
    if (file < 0 || (settings && bt_mosaic_new(&mosaic, settings)))
        fail("no temporary file, or no memory");
    FILE *in = open_clip();
    FILE *out = open_pipe("ffmpeg -v error -y -f rawvideo -pix_fmt yuv420p -s 768x576 -r 10 -i - "
                          "-c:v libx264 -preset veryfast -crf 23 -g 20 -keyint_min 20 "
                          "-sc_threshold 0 -f h264 '%s'",
                          name, "w");
    bt_planner_init(&planner, WIDTH, HEIGHT, blocks);
    for (int i = 0; i < n && move_picture(in, true); i++) {
        struct bt_plan plan;
        struct bt_masked masked;
        struct bt_clear clear = {frame.picture};
        bt_planner_plan(&planner, &plan, &sightings[i]);
        if (follows)
            follow(&plan, &sightings[i], WIDTH, HEIGHT);
        if (mosaic)
            bt_mosaic_hide(mosaic, &masked, &clear, &plan);
        if (!move_picture(out, false))
            fail("ffmpeg does not encode");
    }
    pclose(in);
    pclose(out);
    bt_mosaic_free(&mosaic);
    FILE *coded = fopen(name, "rb");
    if (!coded)
        fail(name);
    fseek(coded, 0, SEEK_END);
    long size = ftell(coded);
    fclose(coded);
    remove(name);
    return size;
}

static void tell(const char *way, int n, const struct bt_mosaic_settings *settings, int blocks)
{
    printf("{\"way\":\"%s\",\"blocks\":%d,\"bytes\":%ld}\n", way, blocks,
           encode(n, settings, blocks));
    fflush(stdout);
}

static struct bt_mosaic_settings make(enum bauta_style style)
{
    struct bt_mosaic_settings settings;
    const struct bauta_hide_settings hide = {.style = style, .blocks = 4, .epsilon = 0.5f};
    bt_mosaic_settings_init(&settings, &hide);
    settings.random = draw;
    return settings;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: bits DATA_DIR CLIP\n");
        return 2;
    }
    data_dir = argv[1];
    clip = argv[2];
    if (bt_frame_init(&frame, WIDTH, HEIGHT))
        fail("out of memory");
    int n = find_all();
    tell("clear", n, NULL, 4);
    struct bt_mosaic_settings s = {.quantum = 1};
    tell("means", n, &s, 6);
    tell("means", n, &s, 4);
    follows = true;
    tell("means, masks follow", n, &s, 4);
    follows = false;
    s.quantum = s.hold = 8;
    tell("means, hold", n, &s, 4);
    s.random_phase = true;
    s.random = draw;
    tell("means, hold, phase", n, &s, 4);
    s = make(BAUTA_STYLE_MOSAIC);
    tell("mosaic", n, &s, 4);
    follows = true;
    tell("mosaic, masks follow", n, &s, 4);
    follows = false;
    s.hold = 0;
    s.quantum = 1;
    tell("mosaic without hold", n, &s, 4);
    s = make(BAUTA_STYLE_NOISE);
    tell("noise", n, &s, 4);
    s = make(BAUTA_STYLE_SOLID);
    tell("solid", n, &s, 4);
    bt_frame_clear(&frame);
    return 0;
}
