/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "clip.h"
#include "detect/model.h"
#include "truth.h"

/* Models that a user may bring, with their real weights, on photos that people marked by hand. */

static struct bt_runtime *runtime;
static struct bt_sampler sampler;
static struct bt_candidates found;
static char said[4096];

static void note(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    (void)level;
    snprintf(said, sizeof(said), "%s", sentence);
}

static const struct bauta_log log_to_said = {note, NULL};

static const char *model_path(const char *name)
{
    static char path[4096];
    const char *shared = getenv("BAUTA_SHARED");
    if (!shared || !*shared)
        return NULL;
    snprintf(path, sizeof(path), "%s/models/%s", shared, name);
    return path;
}

static struct bt_model_settings settings_of(const char *name, enum bauta_class class_,
                                            const char *family)
{
    return (struct bt_model_settings){.path = model_path(name),
                                      .class_ = class_,
                                      .family = family,
                                      .width = 640,
                                      .height = 480,
                                      .n_threads = 1,
                                      .log = &log_to_said};
}

static struct bt_model *load(const char *name, enum bauta_class class_, const char *family)
{
    const struct bt_model_settings s = settings_of(name, class_, family);
    struct bt_model *m;
    check_ok(bt_model_load(&m, runtime, &s));
    return m;
}

/* One line of a photo set's gt.csv: image,id,x,y,w,h,class */
struct marked {
    char image[64], class_[32];
    struct bt_box box;
};

static int read_marked(struct marked *marked, int most, const char *set, const char *class_)
{
    char name[128], line[256];
    int n = 0;
    snprintf(name, sizeof(name), "images/%s/gt.csv", set);
    FILE *file = fopen(truth_path(name), "r");
    assert_non_null(file);
    while (n < most && fgets(line, sizeof(line), file)) {
        struct marked *m = &marked[n];
        if (sscanf(line, "%63[^,],%*[^,],%f,%f,%f,%f,%31[a-z_]", m->image, &m->box.x, &m->box.y,
                   &m->box.w, &m->box.h, m->class_) == 6 &&
            strcmp(m->class_, class_) == 0)
            n++;
    }
    fclose(file);
    return n;
}

/* Width and height of a photo, made even. */
static void read_size(const char *path, int *width, int *height)
{
    char command[4352];
    snprintf(command, sizeof(command),
             "ffprobe -v error -show_entries stream=width,height -of csv=p=0 '%s'", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_int_equal(2, fscanf(pipe, "%d,%d", width, height));
    pclose(pipe);
    *width &= ~1;
    *height &= ~1;
}

struct tally {
    int n_marked, n_hit, n_found;
};

static void look_at(struct tally *tally, struct bt_model *model, const char *set,
                    const struct marked *marked, int n_marked, float least_score)
{
    char name[256];
    int width, height;
    struct clip photo;
    struct bt_clear picture;
    snprintf(name, sizeof(name), "images/%s/%s", set, marked->image);
    read_size(truth_path(name), &width, &height);
    assert_true(clip_open(&photo, truth_path(name), width, height));
    assert_true(clip_next(&photo, &picture));
    const struct bt_box all = {0, 0, (float)width, (float)height};
    check_ok(bt_model_find(model, &found, &sampler, &picture, all, least_score));
    for (int i = 0; i < n_marked; i++) {
        bool hit = false;
        for (int k = 0; k < found.n_items; k++)
            hit |= bt_box_iou(found.items[k].box, marked[i].box) >= 0.5f;
        tally->n_marked++;
        tally->n_hit += hit;
    }
    tally->n_found += found.n_items;
    clip_close(&photo);
}

/* Looks at all photos of a set; lines of one photo stand together. */
static struct tally look(struct bt_model *model, const char *set, const char *class_,
                         float least_score, float least_height)
{
    static struct marked all[256], marked[256];
    struct tally tally = {0, 0, 0};
    int n_all = read_marked(all, 256, set, class_), n = 0;
    for (int i = 0; i < n_all; i++)
        if (all[i].box.h >= least_height)
            marked[n++] = all[i];
    for (int i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && strcmp(marked[i].image, marked[end].image) == 0;)
            end++;
        look_at(&tally, model, set, &marked[i], end - i, least_score);
    }
    print_message("# %d of %d found, %d boxes in all\n", tally.n_hit, tally.n_marked,
                  tally.n_found);
    return tally;
}

static void yunet_finds_the_faces_of_groups(void **state)
{
    (void)state;
    static const char *const names[] = {"yunet_n_320_320.onnx", "yunet_n_640_640.onnx",
                                        "yunet_n_dynamic.onnx", "yunet_s_640_640.onnx"};
    if (!model_path(""))
        skip();
    for (int i = 0; i < 4; i++) {
        struct bt_model *m = load(names[i], BAUTA_CLASS_FACE, i == 0 ? "yunet" : NULL);
        struct tally t = look(m, "dlib_faces", "face", 0.5f, 0);
        assert_int_equal(18, t.n_marked);
        assert_true(t.n_hit >= 16);
        assert_true(t.n_found <= 24); /* not every face is marked */
        bt_model_free(&m);
    }
}

static void body_models_find_people(void **state)
{
    (void)state;
    static const struct {
        const char *name, *family;
        float least_score;
        int least_hit, most_found;
    } models[] = {{"nanodet_m.onnx", NULL, 0.3f, 36, 110},
                  {"yolox_nano.onnx", "yolox", 0.15f, 36, 90}};
    if (!model_path(""))
        skip();
    for (int i = 0; i < 2; i++) {
        struct bt_model *m = load(models[i].name, BAUTA_CLASS_BODY, models[i].family);
        struct tally t = look(m, "coco_person", "person", models[i].least_score, 64);
        assert_true(t.n_hit >= models[i].least_hit);
        assert_true(t.n_found <= models[i].most_found);
        bt_model_free(&m);
    }
}

static void check_refused(const char *name, enum bauta_class class_, const char *family,
                          const char *const *words)
{
    const struct bt_model_settings s = settings_of(name, class_, family);
    struct bt_model *m;
    said[0] = '\0';
    check_status(BAUTA_ERR_DETECTOR, bt_model_load(&m, runtime, &s));
    assert_null(m);
    for (; *words; words++)
        if (!strstr(said, *words))
            fail_msg("'%s' is not in: %s", *words, said);
}

static void an_unknown_model_is_told_what_was_seen_and_what_is_known(void **state)
{
    (void)state;
    if (!model_path(""))
        skip();
    check_refused("ultraface_version-RFB-320.onnx", BAUTA_CLASS_FACE, NULL,
                  (const char *[]){"ultraface_version-RFB-320.onnx", "scores [1, 4420, 2]",
                                   "boxes [1, 4420, 4]",
                                   "known are yunet, blazeface, centerface, "
                                   "faceboxes, scrfd, yolox, yolov8",
                                   NULL});
    check_refused("mobilefacenet_kennethwang.onnx", BAUTA_CLASS_FACE, NULL,
                  (const char *[]){"reshape2_0.tmp_0 [1, 128]", NULL});
    check_refused("yunet_n_640_640.onnx", BAUTA_CLASS_BODY, NULL,
                  (const char *[]){"known body model", "cls_8 [1, 6400, 1]", NULL});
    check_refused("yunet_n_640_640.onnx", BAUTA_CLASS_FACE, "scrfd",
                  (const char *[]){"not those of a scrfd face model", NULL});
    check_refused("yunet_n_640_640.onnx", BAUTA_CLASS_FACE, "yunett",
                  (const char *[]){"no family of face models is called 'yunett'", NULL});
}

static int set_up(void **state)
{
    (void)state;
    return bt_runtime_open(&runtime, clip_data_dir(), &log_to_said) != BAUTA_OK;
}

static int tear_down(void **state)
{
    (void)state;
    bt_sampler_clear(&sampler);
    bt_runtime_close(&runtime);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yunet_finds_the_faces_of_groups),
        cmocka_unit_test(body_models_find_people),
        cmocka_unit_test(an_unknown_model_is_told_what_was_seen_and_what_is_known),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
