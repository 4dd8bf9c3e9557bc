/* SPDX-License-Identifier: Apache-2.0 */

/*
 * cost DATA_DIR CLIP WIDTH HEIGHT
 *
 * What finding and hiding cost, in milliseconds for each picture of the clip, which ffmpeg brings
 * to that size; the median, on one thread. Then planning and mosaic for ten people of a third of
 * the picture's height. Prints one JSON object.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/frame.h"
#include "crypto/random.h"
#include "detect/detector.h"
#include "mask/mosaic.h"
#include "mask/plan.h"
#include "track/tracker.h"

enum { N_PICTURES = 100, N_PEOPLE = 10, N_STAGES = 4, STEP_US = 100000, LOOKAHEAD = 10 };

static double times[N_STAGES][N_PICTURES];

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void fail(const char *what)
{
    fprintf(stderr, "cost: %s\n", what);
    exit(1);
}

static bool draw(uint8_t *out, size_t size)
{
    return bt_random(out, size) == BAUTA_OK;
}

static int compare(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static double median(int stage, int n)
{
    qsort(times[stage], (size_t)n, sizeof(double), compare);
    return times[stage][n / 2];
}

static void read_picture(const struct bauta_picture *p, FILE *pipe)
{
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < p->height / (i ? 2 : 1); y++) {
            size_t width = (size_t)p->width / (i ? 2 : 1);
            if (fread(p->planes[i] + y * p->strides[i], 1, width, pipe) != width)
                fail("the clip is too short, or cannot be read");
        }
}

/* Everything that masks one picture but the codecs. */
struct works {
    struct bt_detector *detector;
    struct bt_tracker *tracker;
    struct bt_planner planner;
    struct bt_mosaic *mosaic;
};

static void open_works(struct works *w, const char *data_dir, int width, int height)
{
    struct bt_detector_settings d;
    struct bt_tracker_settings t;
    struct bt_mosaic_settings m;
    const struct bauta_hide_settings hide = {
        .style = BAUTA_STYLE_MOSAIC, .blocks = 4, .epsilon = 0.5f};
    bt_detector_settings_init(&d);
    d.data_dir = data_dir;
    d.width = width;
    d.height = height;
    bt_tracker_settings_init(&t, width, height);
    t.lookahead = LOOKAHEAD;
    bt_mosaic_settings_init(&m, &hide);
    m.random = draw;
    bt_planner_init(&w->planner, width, height, hide.blocks);
    if (bt_detector_new(&w->detector, &d) || bt_tracker_new(&w->tracker, &t) ||
        bt_mosaic_new(&w->mosaic, &m))
        fail("the detector cannot be made");
}

static void close_works(struct works *w)
{
    bt_detector_free(&w->detector);
    bt_tracker_free(&w->tracker);
    bt_mosaic_free(&w->mosaic);
}

/* Gives the number of regions. */
static int hide(struct works *w, int n, const struct bauta_picture *picture,
                const struct bt_sightings *sightings)
{
    struct bt_plan plan;
    struct bt_masked masked;
    struct bt_clear clear = {*picture};
    double start = now_ms();
    bt_planner_plan(&w->planner, &plan, sightings);
    double planned = now_ms();
    bt_mosaic_hide(w->mosaic, &masked, &clear, &plan);
    times[2][n] = planned - start;
    times[3][n] = now_ms() - planned;
    return plan.n_regions;
}

static double run_clip(struct works *w, const struct bauta_picture *picture, FILE *pipe)
{
    static struct bt_detections found;
    static struct bt_sightings sightings;
    int n_regions = 0;
    for (int n = 0; n < N_PICTURES; n++) {
        read_picture(picture, pipe);
        const struct bt_clear clear = {*picture};
        double start = now_ms();
        if (bt_detector_find(w->detector, &found, &clear))
            fail("the detector failed");
        double detected = now_ms();
        bt_tracker_look(w->tracker, &found, (int64_t)n * STEP_US);
        if (bt_tracker_waiting(w->tracker) > LOOKAHEAD)
            bt_tracker_give(w->tracker, &sightings);
        times[0][n] = detected - start;
        times[1][n] = now_ms() - detected;
        n_regions += hide(w, n, picture, &sightings);
    }
    return (double)n_regions / N_PICTURES;
}

/* Ten people, with a head and a body each, who walk. */
static void run_ten(struct works *w, const struct bauta_picture *picture)
{
    static struct bt_sightings s;
    float h = (float)picture->height / 3, width = 0.4f * h;
    for (int n = 0; n < N_PICTURES; n++) {
        s.n_items = 0;
        for (int i = 0; i < N_PEOPLE; i++) {
            float x = (float)i / N_PEOPLE * ((float)picture->width - width) + 2 * (float)(n % 10),
                  y = i % 2 ? 0.1f * h : 1.6f * h;
            s.items[s.n_items++] =
                (struct bt_sighting){(uint32_t)i + 1, BAUTA_CLASS_BODY, {x, y, width, h}, 0};
            s.items[s.n_items++] = (struct bt_sighting){
                (uint32_t)i + 1, BAUTA_CLASS_HEAD, {x, y, width, 0.25f * h}, 0};
        }
        hide(w, n, picture, &s);
    }
}

int main(int argc, char **argv)
{
    char command[4352];
    struct bt_frame frame;
    struct works w = {.detector = NULL};
    if (argc != 5 || strchr(argv[2], '\'')) {
        fprintf(stderr, "usage: cost DATA_DIR CLIP WIDTH HEIGHT\n");
        return 2;
    }
    int width = atoi(argv[3]), height = atoi(argv[4]);
    snprintf(command, sizeof(command),
             "ffmpeg -v error -i '%s' -vf scale=%d:%d -f rawvideo -pix_fmt yuv420p - </dev/null",
             argv[2], width, height);
    FILE *pipe = popen(command, "r");
    if (!pipe || bt_frame_init(&frame, width, height))
        fail("the clip cannot be opened");
    open_works(&w, argv[1], width, height);
    double n_regions = run_clip(&w, &frame.picture, pipe);
    printf("{\"width\":%d,\"height\":%d,\"regions\":%.1f,\"detect_ms\":%.3f,\"track_ms\":%.3f,"
           "\"plan_ms\":%.4f,\"mosaic_ms\":%.3f,",
           width, height, n_regions, median(0, N_PICTURES), median(1, N_PICTURES),
           median(2, N_PICTURES), median(3, N_PICTURES));
    run_ten(&w, &frame.picture);
    printf("\"ten_people_plan_ms\":%.4f,\"ten_people_mosaic_ms\":%.3f}\n", median(2, N_PICTURES),
           median(3, N_PICTURES));
    close_works(&w);
    bt_frame_clear(&frame);
    pclose(pipe);
    return 0;
}
