/* SPDX-License-Identifier: Apache-2.0 */

/*
 * attack DATA_DIR IDENTITIES RECOGNISER.onnx [DETECTOR.onnx [WAY]]
 *
 * How well do masks withstand recognition? IDENTITIES has a folder for each person with grey
 * pictures (PGM) of the face. Each is put into a scene, found by the real detector and masked as
 * `bauta protect` does it, in many ways; then an attacker who knows where the face is tries to tell
 * whose it is. Even pictures are probes, odd ones the gallery.
 *
 * Prints a JSON object a line: the way, and shares of right first answers,
 *
 * - plain: the gallery is of clear pictures;
 * - masked: the gallery is masked in the same way;
 * - pixels: so it is, and the nearest neighbour on 16 x 16 grey values replaces the network;
 * - averaged_plain, averaged_masked: the masked pictures of a face that walks through the scene are
 *   averaged first; the second is the better of network and pixels;
 * - found: how often a face detector still sees a face (-1: there was none).
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bauta/find.h>

#include "base/frame.h"
#include "base/rect.h"
#include "crypto/random.h"
#include "detect/model.h"
#include "find/finder.h"
#include "mask/mosaic.h"
#include "mask/plan.h"

#include "follow.h"

enum {
    WIDTH = 480,
    HEIGHT = 480,
    SCALE = 2,     /* scene pixels for one of the picture */
    SIDE = 112,    /* of the recogniser's input */
    DEPTH = 512,   /* of its output, at most */
    PIXELS = 16,   /* side of what `pixels` compares */
    MOST = 1024,   /* pictures */
    N_STEPS = 24,  /* pictures of a walk */
    N_ROUNDS = 3,  /* how often everything is masked anew */
    N_FEATURES = 2 /* by the network, by pixels */
};

/* What people see, 0..255; from 0 on where the picture lies. */
struct face {
    int person, number;
    int w, h; /* of the picture in the scene */
    uint8_t *grey;
    struct bt_sightings found; /* in the scene, with the picture at the middle */
};

struct feature {
    float values[DEPTH];
    int n;
};

enum kind { CLEAR, MASK, BLUR };

/* A way of hiding. */
struct way {
    const char *name;
    enum kind kind;
    int blocks;      /* at most so many across; 0: blocks of 16 pixels on the picture's grid */
    bool faces_only; /* as with --mask face */
    bool follows;    /* masks follow the face instead of staying put */
    struct bt_mosaic_settings mosaic;
};

static const char *wanted_way; /* NULL: all */
static struct face faces[MOST];
static int n_faces, n_people;
static struct bt_runtime *runtime;
static struct bt_session *recogniser;
static struct bt_model *detector; /* may be NULL */
static struct bt_sampler sampler;

static void say(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    (void)level;
    fprintf(stderr, "attack: %s\n", sentence);
}

static const struct bauta_log log_to_stderr = {say, NULL};

static void fail(const char *what)
{
    fprintf(stderr, "attack: %s\n", what);
    exit(1);
}

static bool draw(uint8_t *out, size_t size)
{
    return bt_random(out, size) == BAUTA_OK;
}

static int random_below(int n)
{
    uint32_t value;
    if (!draw((uint8_t *)&value, sizeof(value)))
        fail("no random numbers");
    return (int)(value % (uint32_t)n);
}

/* A PGM, enlarged SCALE times by linear interpolation. */
static void read_face(struct face *f, const char *path)
{
    int w = 0, h = 0, most = 0;
    FILE *file = fopen(path, "rb");
    if (!file || fscanf(file, "P5 %d %d %d", &w, &h, &most) != 3 || most != 255 || w > 200 ||
        h > 200)
        fail(path);
    fgetc(file);
    uint8_t *small = malloc((size_t)w * (size_t)h);
    f->w = w * SCALE;
    f->h = h * SCALE;
    f->grey = malloc((size_t)f->w * (size_t)f->h);
    if (!small || !f->grey || fread(small, (size_t)w, (size_t)h, file) != (size_t)h)
        fail(path);
    for (int y = 0; y < f->h; y++)
        for (int x = 0; x < f->w; x++) {
            float sx = fmaxf(((float)x + 0.5f) / SCALE - 0.5f, 0),
                  sy = fmaxf(((float)y + 0.5f) / SCALE - 0.5f, 0);
            int x0 = (int)sx, y0 = (int)sy, x1 = x0 + 1 < w ? x0 + 1 : x0,
                y1 = y0 + 1 < h ? y0 + 1 : y0;
            float a = sx - (float)x0, b = sy - (float)y0;
            float top = (1 - a) * small[y0 * w + x0] + a * small[y0 * w + x1];
            float low = (1 - a) * small[y1 * w + x0] + a * small[y1 * w + x1];
            f->grey[y * f->w + x] = (uint8_t)((1 - b) * top + b * low + 0.5f);
        }
    free(small);
    fclose(file);
}

static void read_all(const char *folder)
{
    char path[4096];
    for (n_people = 0;; n_people++) {
        int number = 1;
        for (; number < 100; number++) {
            snprintf(path, sizeof(path), "%s/s%d/%d.pgm", folder, n_people + 1, number);
            FILE *there = fopen(path, "rb");
            if (!there || n_faces == MOST)
                break;
            fclose(there);
            faces[n_faces].person = n_people;
            faces[n_faces].number = number;
            read_face(&faces[n_faces++], path);
        }
        if (number == 1)
            break;
    }
    if (n_people < 2)
        fail("no identities: folders s1, s2, ... of 1.pgm, 2.pgm, ... are wanted");
}

/* The face in the scene, its corner at x, y; even numbers. What is around it repeats its edge, so
 * that the detector sees a head before a wall. */
static void put(struct bt_frame *scene, const struct face *f, int x, int y)
{
    struct bauta_picture *p = &scene->picture;
    for (int j = 0; j < HEIGHT; j++)
        for (int i = 0; i < WIDTH; i++) {
            bool inside = i >= x && j >= y && i < x + f->w && j < y + f->h;
            p->planes[0][j * p->strides[0] + i] =
                (uint8_t)(inside ? 16 + f->grey[(j - y) * f->w + i - x] * 219 / 255 : 110);
        }
    for (int c = 1; c < 3; c++)
        for (int j = 0; j < HEIGHT / 2; j++)
            memset(p->planes[c] + j * p->strides[c], 128, WIDTH / 2);
}

static void middle(const struct face *f, int *x, int *y)
{
    *x = (WIDTH - f->w) / 4 * 2;
    *y = (HEIGHT - f->h) / 4 * 2;
}

/* Finds everybody once, as a run of single pictures. */
static int find_all(const char *data_dir)
{
    struct bauta_find_settings s;
    struct bt_frame scene;
    int n_found = 0;
    bauta_find_settings_init(&s);
    s.data_dir = data_dir;
    s.threads = 2;
    if (bt_frame_init(&scene, WIDTH, HEIGHT))
        fail("out of memory");
    for (int i = 0; i < n_faces; i++) {
        struct bt_finder *finder;
        int x, y;
        if (i % 40 == 0)
            fprintf(stderr, "attack: finding %d of %d\n", i, n_faces);
        if (bt_finder_new(&finder, &s, WIDTH, HEIGHT, &log_to_stderr))
            fail("no detector");
        middle(&faces[i], &x, &y);
        put(&scene, &faces[i], x, y);
        const struct bt_clear clear = {scene.picture};
        bt_finder_look(finder, &clear, 0, false);
        bt_finder_give(finder, &faces[i].found);
        n_found += faces[i].found.n_items > 0;
        bt_finder_free(&finder);
    }
    bt_frame_clear(&scene);
    return n_found;
}

/* What other tools do: Gaussian blur with a tenth of the region's width. */
static void blur(struct bauta_picture *p, struct bauta_rect r)
{
    float sigma = 0.1f * (float)r.w, weights[512], sum = 0;
    int reach = (int)fminf(3 * sigma, 255);
    float *row = malloc((size_t)(r.w > r.h ? r.w : r.h) * sizeof(float));
    if (!row)
        fail("out of memory");
    for (int k = -reach; k <= reach; k++)
        sum += weights[k + reach] = expf(-(float)(k * k) / (2 * sigma * sigma));
    for (int pass = 0; pass < 2; pass++) {
        int n = pass ? r.h : r.w, lines = pass ? r.w : r.h;
        ptrdiff_t step = pass ? p->strides[0] : 1, next = pass ? 1 : p->strides[0];
        for (int j = 0; j < lines; j++) {
            uint8_t *line = p->planes[0] + r.y * p->strides[0] + r.x + j * next;
            for (int i = 0; i < n; i++) {
                float value = 0;
                for (int k = -reach; k <= reach; k++) {
                    int at = i + k < 0 ? 0 : i + k >= n ? n - 1 : i + k;
                    value += weights[k + reach] * line[at * step];
                }
                row[i] = value / sum;
            }
            for (int i = 0; i < n; i++)
                line[i * step] = (uint8_t)(row[i] + 0.5f);
        }
    }
    free(row);
}

/* Blocks of 16 pixels on the picture's own grid. */
static void fixed_mosaic(struct bauta_picture *p, struct bauta_rect r)
{
    for (int y = r.y, y1; y < r.y + r.h; y = y1) {
        y1 = (y / 16 + 1) * 16 < r.y + r.h ? (y / 16 + 1) * 16 : r.y + r.h;
        for (int x = r.x, x1; x < r.x + r.w; x = x1) {
            x1 = (x / 16 + 1) * 16 < r.x + r.w ? (x / 16 + 1) * 16 : r.x + r.w;
            int sum = 0;
            for (int j = y; j < y1; j++)
                for (int i = x; i < x1; i++)
                    sum += p->planes[0][j * p->strides[0] + i];
            for (int j = y; j < y1; j++)
                memset(p->planes[0] + j * p->strides[0] + x, sum / ((x1 - x) * (y1 - y)),
                       (size_t)(x1 - x));
        }
    }
}

/* One face's masks, from picture to picture. */
struct track {
    struct bt_planner planner;
    struct bt_mosaic *mosaic;
};

static void track_begin(struct track *t, const struct way *way)
{
    bt_planner_init(&t->planner, WIDTH, HEIGHT, way->blocks ? way->blocks : 4);
    if (bt_mosaic_new(&t->mosaic, &way->mosaic))
        fail("out of memory");
}

static void track_end(struct track *t)
{
    bt_mosaic_free(&t->mosaic);
}

static void drop_bodies(struct bt_sightings *s)
{
    int n_kept = 0;
    for (int i = 0; i < s->n_items; i++)
        if (s->items[i].class_ != BAUTA_CLASS_BODY)
            s->items[n_kept++] = s->items[i];
    s->n_items = n_kept;
}

/* Masks the face, which stands `dx`, `dy` from where it was found. */
static void mask(struct track *t, const struct way *way, struct bt_frame *scene,
                 const struct face *f, int dx, int dy)
{
    struct bt_sightings moved = f->found;
    struct bt_plan plan;
    struct bt_masked masked;
    struct bt_clear clear = {scene->picture};
    if (way->kind == CLEAR)
        return;
    if (way->faces_only)
        drop_bodies(&moved);
    for (int i = 0; i < moved.n_items; i++) {
        moved.items[i].box.x += (float)dx;
        moved.items[i].box.y += (float)dy;
    }
    bt_planner_plan(&t->planner, &plan, &moved);
    if (way->follows)
        follow(&plan, &moved, WIDTH, HEIGHT);
    if (way->kind == MASK && way->blocks) {
        bt_mosaic_hide(t->mosaic, &masked, &clear, &plan);
        return;
    }
    for (int i = plan.n_regions - 1; i >= 0; i--)
        (way->kind == BLUR ? blur : fixed_mosaic)(&scene->picture, plan.regions[i].rect);
}

/* The face, `width` x `height` as the attacker cuts it out, added to `sum`. */
static void cut_out(float *sum, const struct bt_frame *scene, const struct face *f, int x, int y)
{
    const struct bauta_picture *p = &scene->picture;
    for (int j = 0; j < f->h; j++)
        for (int i = 0; i < f->w; i++)
            sum[j * f->w + i] +=
                ((float)p->planes[0][(y + j) * p->strides[0] + x + i] - 16) * 255 / 219;
}

/* The mean of an area of the cut-out. */
static float mean_of(const float *cut, const struct face *f, float x, float y, float w, float h)
{
    int left = (int)fmaxf(roundf(x), 0), right = (int)fminf(roundf(x + w), (float)f->w);
    int top = (int)fmaxf(roundf(y), 0), bottom = (int)fminf(roundf(y + h), (float)f->h);
    float sum = 0;
    right = right > left ? right : left + 1;
    bottom = bottom > top ? bottom : top + 1;
    for (int j = top; j < bottom; j++)
        for (int i = left; i < right; i++)
            sum += cut[j * f->w + i];
    return sum / (float)((right - left) * (bottom - top));
}

static void normalise(struct feature *v)
{
    float length = 0;
    for (int i = 0; i < v->n; i++)
        length += v->values[i] * v->values[i];
    length = sqrtf(length) + 1e-9f;
    for (int i = 0; i < v->n; i++)
        v->values[i] /= length;
}

static void describe(struct feature features[N_FEATURES], const float *cut, const struct face *f)
{
    static float input[3 * SIDE * SIDE];
    const struct bt_tensor *outputs;
    int n_outputs;
    for (int j = 0; j < SIDE; j++)
        for (int i = 0; i < SIDE; i++) {
            float w = (float)f->w / SIDE, h = (float)f->h / SIDE;
            float value = (mean_of(cut, f, (float)i * w, (float)j * h, w, h) - 127.5f) / 128;
            for (int c = 0; c < 3; c++)
                input[(c * SIDE + j) * SIDE + i] = value;
        }
    if (bt_session_run(recogniser, &outputs, &n_outputs, input,
                       (const int64_t[]){1, 3, SIDE, SIDE}))
        fail("the recogniser does not run");
    features[0].n = (int)(outputs[0].sides[1] < DEPTH ? outputs[0].sides[1] : DEPTH);
    memcpy(features[0].values, outputs[0].values, (size_t)features[0].n * sizeof(float));
    features[1].n = PIXELS * PIXELS;
    for (int j = 0; j < PIXELS; j++)
        for (int i = 0; i < PIXELS; i++) {
            float w = (float)f->w / PIXELS, h = (float)f->h / PIXELS;
            features[1].values[j * PIXELS + i] =
                mean_of(cut, f, (float)i * w, (float)j * h, w, h) - 127.5f;
        }
    for (int i = 0; i < N_FEATURES; i++)
        normalise(&features[i]);
}

static bool detector_sees(const struct bt_frame *scene, const struct face *f, int x, int y)
{
    static struct bt_candidates found;
    const struct bt_clear clear = {scene->picture};
    const struct bt_box all = {0, 0, WIDTH, HEIGHT},
                        face = {(float)x, (float)y, (float)f->w, (float)f->h};
    if (bt_model_find(detector, &found, &sampler, &clear, all, 0.5f))
        fail("the detector does not run");
    for (int i = 0; i < found.n_items; i++)
        if (bt_box_iou(found.items[i].box, face) > 0.2f)
            return true;
    return false;
}

/* Features of a face, masked in one picture, or in all of a walk and averaged. */
static bool look(struct feature features[N_FEATURES], const struct way *way, const struct face *f,
                 int n_steps)
{
    struct bt_frame scene;
    struct track t;
    bool seen = false;
    int x, y;
    float *sum = calloc((size_t)f->w * (size_t)f->h, sizeof(float));
    if (!sum || bt_frame_init(&scene, WIDTH, HEIGHT))
        fail("out of memory");
    track_begin(&t, way);
    middle(f, &x, &y);
    int dx = 2 * random_below(16) - 16, dy = 2 * random_below(16) - 16;
    for (int i = 0; i < n_steps; i++) {
        put(&scene, f, x + dx, y + dy);
        mask(&t, way, &scene, f, dx, dy);
        if (i == 0 && detector && n_steps == 1)
            seen = detector_sees(&scene, f, x + dx, y + dy);
        cut_out(sum, &scene, f, x + dx, y + dy);
        dx += 2 * random_below(4); /* walks to the right, 3 pixels a picture, and bobs */
        dy += 2 * random_below(3) - 2;
        dx = dx > 80 ? -80 : dx;
        dy = dy > 60 ? 60 : dy < -60 ? -60 : dy;
    }
    for (int i = 0; i < f->w * f->h; i++)
        sum[i] /= (float)n_steps;
    describe(features, sum, f);
    track_end(&t);
    bt_frame_clear(&scene);
    free(sum);
    return seen;
}

/* Share of probes (even pictures) whose nearest gallery picture (odd ones) is of the same person.
 */
static double rank_one(struct feature probes[][N_FEATURES], struct feature gallery[][N_FEATURES],
                       int which)
{
    int n = 0, n_right = 0;
    for (int i = 0; i < n_faces; i++) {
        if (faces[i].number % 2)
            continue;
        int best = -1;
        float most = -2;
        for (int k = 0; k < n_faces; k++) {
            float product = 0;
            if (faces[k].number % 2 == 0)
                continue;
            for (int j = 0; j < gallery[k][which].n; j++)
                product += gallery[k][which].values[j] * probes[i][which].values[j];
            if (product > most) {
                most = product;
                best = k;
            }
        }
        n++;
        n_right += best >= 0 && faces[best].person == faces[i].person;
    }
    return (double)n_right / n;
}

static struct feature plain[MOST][N_FEATURES], masked[MOST][N_FEATURES], averaged[MOST][N_FEATURES];

static void attack(const struct way *way)
{
    double sums[6] = {0};
    if (wanted_way && strcmp(wanted_way, way->name) != 0)
        return;
    int n_rounds = way->kind == MASK ? N_ROUNDS : 1; /* nothing is drawn by lot for the others */
    int n_steps = way->kind == MASK ? N_STEPS : 1;
    for (int round = 0; round < n_rounds; round++) {
        for (int i = 0; i < n_faces; i++) {
            sums[5] += look(masked[i], way, &faces[i], 1);
            look(averaged[i], way, &faces[i], n_steps);
        }
        sums[0] += rank_one(masked, plain, 0);
        sums[1] += rank_one(masked, masked, 0);
        sums[2] += rank_one(masked, masked, 1);
        sums[3] += rank_one(averaged, plain, 0);
        sums[4] += fmax(rank_one(averaged, averaged, 0), rank_one(averaged, averaged, 1));
    }
    printf("{\"way\":\"%s\",\"blocks\":%d,\"plain\":%.4f,\"masked\":%.4f,\"pixels\":%.4f,"
           "\"averaged_plain\":%.4f,\"averaged_masked\":%.4f,\"found\":%.4f}\n",
           way->name, way->blocks, sums[0] / n_rounds, sums[1] / n_rounds, sums[2] / n_rounds,
           sums[3] / n_rounds, sums[4] / n_rounds,
           detector ? sums[5] / (n_rounds * n_faces) : -1.0);
    fflush(stdout);
}

static struct way make_way(const char *name, enum bauta_style style, int blocks, float epsilon)
{
    const struct bauta_hide_settings hide = {.style = style, .blocks = blocks, .epsilon = epsilon};
    struct way way = {.name = name, .kind = MASK, .blocks = blocks};
    bt_mosaic_settings_init(&way.mosaic, &hide);
    way.mosaic.random = draw;
    return way;
}

static void attack_all(void)
{
    struct way way = {.name = "clear", .kind = CLEAR};
    way.mosaic.random = draw;
    for (int i = 0; i < n_faces; i++)
        look(plain[i], &way, &faces[i], 1);
    attack(&way);
    way = (struct way){.name = "blur", .kind = BLUR};
    attack(&way);
    way = (struct way){.name = "fixed 16", .kind = MASK};
    attack(&way);
    static const int blocks[] = {12, 8, 6, 4, 3, 2};
    for (int i = 0; i < 6; i++) { /* a plain mosaic: means on a grid that hangs on the mask */
        way = make_way("means", BAUTA_STYLE_MOSAIC, blocks[i], 1);
        way.mosaic.quantum = 1;
        way.mosaic.hold = 0;
        way.mosaic.random_phase = false;
        way.mosaic.luma_noise = way.mosaic.chroma_noise = 0;
        attack(&way);
    }
    way.blocks = 4;
    way.follows = true;
    way.name = "means, masks follow";
    attack(&way);
    way.follows = false;
    way.name = "means, hold";
    way.mosaic.quantum = way.mosaic.hold = 8;
    attack(&way);
    way.mosaic.quantum = 1;
    way.mosaic.hold = 0;
    way.name = "means, phase";
    way.mosaic.random_phase = true;
    attack(&way);
    way.name = "means, phase, hold";
    way.mosaic.quantum = way.mosaic.hold = 8;
    attack(&way);
    for (int i = 0; i < 6; i++) {
        way = make_way("mosaic", BAUTA_STYLE_MOSAIC, blocks[i], 1);
        attack(&way);
    }
    way = make_way("mosaic, masks follow", BAUTA_STYLE_MOSAIC, 4, 1);
    way.follows = true;
    attack(&way);
    for (int i = 0; i < 6; i++) {
        way = make_way("noise", BAUTA_STYLE_NOISE, blocks[i], 0.5f);
        attack(&way);
    }
    way = make_way("mosaic, faces only", BAUTA_STYLE_MOSAIC, 4, 1);
    way.faces_only = true;
    attack(&way);
    way = make_way("noise, faces only", BAUTA_STYLE_NOISE, 4, 0.5f);
    way.faces_only = true;
    attack(&way);
    way = make_way("solid", BAUTA_STYLE_SOLID, 4, 1);
    attack(&way);
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 6) {
        fprintf(stderr,
                "usage: attack DATA_DIR IDENTITIES RECOGNISER.onnx [DETECTOR.onnx [WAY]]\n");
        return 2;
    }
    const struct bt_model_settings m = {.path = argc > 4 ? argv[4] : NULL,
                                        .class_ = BAUTA_CLASS_FACE,
                                        .width = WIDTH,
                                        .height = HEIGHT,
                                        .n_threads = 2,
                                        .log = &log_to_stderr};
    if (bt_runtime_open(&runtime, argv[1], &log_to_stderr) ||
        bt_session_load(&recogniser, runtime, argv[3], 2, &log_to_stderr) ||
        (argc > 4 && bt_model_load(&detector, runtime, &m)))
        return 1;
    wanted_way = argc > 5 ? argv[5] : NULL;
    read_all(argv[2]);
    int n_found = find_all(argv[1]);
    printf("{\"people\":%d,\"pictures\":%d,\"chance\":%.4f,\"detected\":%d}\n", n_people, n_faces,
           1.0 / n_people, n_found);
    attack_all();
    bt_model_free(&detector);
    bt_sampler_clear(&sampler);
    bt_session_free(&recogniser);
    bt_runtime_close(&runtime);
    for (int i = 0; i < n_faces; i++)
        free(faces[i].grey);
    return 0;
}
