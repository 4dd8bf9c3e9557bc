/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clip.h"
#include "detect/detector.h"

/* What cannot be loaded is refused, by a sentence that names the file. */

static char said[8192];

static void keep(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    if (level == BAUTA_LOG_ERROR)
        snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", sentence);
}

static const struct bauta_log kept = {keep, NULL};

static struct bt_detector_settings make_settings(void)
{
    struct bt_detector_settings s;
    bt_detector_settings_init(&s);
    s.data_dir = clip_data_dir();
    s.width = 320;
    s.height = 240;
    s.log = &kept;
    said[0] = 0;
    return s;
}

static void check_refused(const struct bt_detector_settings *s, const char *named)
{
    struct bt_detector *d = NULL;
    check_status(BAUTA_ERR_DETECTOR, bt_detector_new(&d, s));
    assert_null(d);
    if (!strstr(said, named))
        fail_msg("'%s' is not named in: %s", named, said);
}

static void a_model_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct bt_detector_settings s = make_settings();
    s.body_model = "/nowhere/body.onnx";
    check_refused(&s, "/nowhere/body.onnx");
    assert_non_null(strstr(said, "./dev"));
    s = make_settings();
    s.face_model = "/nowhere/face.onnx";
    check_refused(&s, "/nowhere/face.onnx");
}

static void models_that_are_not_there_are_refused(void **state)
{
    (void)state;
    struct bt_detector_settings s = make_settings();
    s.data_dir = "/nowhere";
    check_refused(&s, "/nowhere/");
    assert_non_null(strstr(said, "./dev"));
}

static void rubbish_is_not_a_model(void **state)
{
    (void)state;
    char path[] = "/tmp/bauta-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    const char rubbish[] = "\x08\x07\x12\x04not a model at all";
    assert_int_equal(sizeof(rubbish), write(file, rubbish, sizeof(rubbish)));
    close(file);
    struct bt_detector_settings s = make_settings();
    s.body_model = path;
    check_refused(&s, path);
    unlink(path);
}

static void a_model_of_another_family_is_refused(void **state)
{
    (void)state;
    char path[4096];
    struct bt_detector_settings s = make_settings();
    snprintf(path, sizeof(path), "%s/models/faceboxes_256x256.onnx", s.data_dir);
    s.body_model = path;
    check_refused(&s, path);
    s = make_settings();
    snprintf(path, sizeof(path), "%s/models/nanodet.onnx", s.data_dir);
    s.body_model = NULL;
    s.face_model = path;
    check_refused(&s, path);
}

static void no_face_model_is_needed_to_find_bodies_only(void **state)
{
    (void)state;
    struct bt_detector_settings s = make_settings();
    struct bt_detector *d;
    s.face_model = "/nowhere/face.onnx";
    s.faces = false;
    check_ok(bt_detector_new(&d, &s));
    bt_detector_free(&d);
    assert_null(d);
    bt_detector_free(&d);
}

static void a_picture_of_another_size_is_refused_and_finds_nobody(void **state)
{
    (void)state;
    struct bt_detector_settings s = make_settings();
    struct bt_detector *d;
    struct bt_frame f;
    static struct bt_detections found = {.n_items = 7};
    check_ok(bt_frame_init(&f, 640, 480));
    check_ok(bt_detector_new(&d, &s));
    struct bt_clear picture = {f.picture};
    check_status(BAUTA_ERR_ARGUMENT, bt_detector_find(d, &found, &picture));
    assert_int_equal(0, found.n_items);
    bt_detector_free(&d);
    bt_frame_clear(&f);
}

static void any_size_of_picture_is_searched(void **state)
{
    (void)state;
    const int sizes[][2] = {{16, 16}, {16, 2048}, {1920, 1080}, {1080, 1920}, {802, 450}};
    static struct bt_detections found;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct bt_detector_settings s = make_settings();
        struct bt_detector *d;
        struct bt_frame f;
        s.width = sizes[i][0];
        s.height = sizes[i][1];
        check_ok(bt_frame_init(&f, s.width, s.height));
        check_ok(bt_detector_new(&d, &s));
        struct bt_clear picture = {f.picture};
        check_ok(bt_detector_find(d, &found, &picture)); /* black: there is nobody */
        assert_int_equal(0, found.n_items);
        bt_detector_free(&d);
        bt_frame_clear(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_that_is_not_there_is_named),
        cmocka_unit_test(models_that_are_not_there_are_refused),
        cmocka_unit_test(rubbish_is_not_a_model),
        cmocka_unit_test(a_model_of_another_family_is_refused),
        cmocka_unit_test(no_face_model_is_needed_to_find_bodies_only),
        cmocka_unit_test(a_picture_of_another_size_is_refused_and_finds_nobody),
        cmocka_unit_test(any_size_of_picture_is_searched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
