/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Prints how well detector and tracker hide the people of a clip, and how long each takes:
 *   test_detect_evaluate [CLIP TRUTH WIDTH HEIGHT FPS [MODEL]]
 * Without arguments: the demo clip and $BAUTA_SHARED/mot/pets09_s2l1/gt.csv. Not a test: it asserts
 * nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clip.h"
#include "detect/detector.h"
#include "track/tracker.h"
#include "truth.h"

static const unsigned modes[] = {BAUTA_MASK_FACE, BAUTA_MASK_BODY, BAUTA_MASK_BOTH};
static const char *const mode_names[] = {"face", "body", "both"};
enum { N_MODES = 3 };

struct run {
    int width, height;
    double fps;
    struct clip clip;
    struct truth truth;
    struct bt_detector *detector, *bodies_only;
    struct bt_tracker *trackers[N_MODES];
    struct coverage coverage[N_MODES];
    double find_ms, body_ms, track_ms;
    int n_detections, n_faces;
    uint32_t n_targets;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void complain(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    if (level <= BAUTA_LOG_WARNING)
        fprintf(stderr, "%s\n", sentence);
}

static const struct bauta_log log_to_stderr = {complain, NULL};

static bool prepare(struct run *r, const char *model)
{
    struct bt_detector_settings s;
    bt_detector_settings_init(&s);
    s.data_dir = clip_data_dir();
    s.body_model = model;
    s.width = r->width;
    s.height = r->height;
    s.log = &log_to_stderr;
    enum bauta_status status = bt_detector_new(&r->detector, &s);
    s.faces = false;
    if (!status)
        status = bt_detector_new(&r->bodies_only, &s);
    for (int i = 0; i < N_MODES && !status; i++) {
        struct bt_tracker_settings t;
        bt_tracker_settings_init(&t, r->width, r->height);
        t.classes = modes[i];
        status = bt_tracker_new(&r->trackers[i], &t);
    }
    return status == BAUTA_OK;
}

static bool take_picture(struct run *r, const struct bt_clear *picture, int number)
{
    static struct bt_detections found, bodies;
    static struct bt_sightings out;
    double start = now_ms();
    if (bt_detector_find(r->detector, &found, picture))
        return false;
    r->find_ms += now_ms() - start;
    start = now_ms();
    if (bt_detector_find(r->bodies_only, &bodies, picture))
        return false;
    r->body_ms += now_ms() - start;
    r->n_detections += found.n_items;
    for (int i = 0; i < found.n_items; i++)
        r->n_faces += found.items[i].class_ == BAUTA_CLASS_FACE;
    for (int i = 0; i < N_MODES; i++) {
        start = now_ms();
        bt_tracker_look(r->trackers[i], &found, (int64_t)(number * 1e6 / r->fps));
        bt_tracker_give(r->trackers[i], &out);
        r->track_ms += (now_ms() - start) / N_MODES;
        coverage_add(&r->coverage[i], &r->truth, &out, number, r->width, r->height);
        for (int k = 0; k < out.n_items; k++)
            if (out.items[k].target > r->n_targets)
                r->n_targets = out.items[k].target;
    }
    return true;
}

static void report(const struct run *r, int n)
{
    printf("%d pictures, %d true people; per picture: %.1f detections, %.2f faces; %u targets\n", n,
           r->truth.n_people, (double)r->n_detections / n, (double)r->n_faces / n, r->n_targets);
    printf("ms per picture: all %.1f, of it bodies %.1f, faces %.1f; tracking %.3f\n",
           r->find_ms / n, r->body_ms / n, (r->find_ms - r->body_ms) / n, r->track_ms / n);
    for (int i = 0; i < N_MODES; i++)
        printf("%s: heads %.4f (%d of %d), quite clear %d, people always %.3f, area %.2f\n",
               mode_names[i], coverage_heads(&r->coverage[i]), r->coverage[i].n_hidden,
               r->coverage[i].n_heads, r->coverage[i].n_clear, coverage_people(&r->coverage[i]),
               coverage_area(&r->coverage[i]));
}

int main(int argc, char **argv)
{
    static struct run r;
    const char *truth = argc > 5 ? argv[2] : truth_path("mot/pets09_s2l1/gt.csv");
    r.width = argc > 5 ? atoi(argv[3]) : DEMO_WIDTH;
    r.height = argc > 5 ? atoi(argv[4]) : DEMO_HEIGHT;
    r.fps = argc > 5 ? atof(argv[5]) : 10;
    struct bt_clear picture;
    int n = 0;
    bool fine = truth && truth_read(&r.truth, truth) && prepare(&r, argc > 6 ? argv[6] : NULL) &&
                clip_open(&r.clip, argc > 5 ? argv[1] : demo_clip_path(), r.width, r.height);
    while (fine && clip_next(&r.clip, &picture))
        fine = take_picture(&r, &picture, n++);
    if (fine && n > 0)
        report(&r, n);
    else
        fprintf(stderr, "cannot evaluate: is $BAUTA_SHARED set, are clip and models there?\n");
    clip_close(&r.clip);
    bt_detector_free(&r.detector);
    bt_detector_free(&r.bodies_only);
    for (int i = 0; i < N_MODES; i++)
        bt_tracker_free(&r.trackers[i]);
    return fine && n > 0 ? 0 : 1;
}
