/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "recordings.h"

/* A folder of recordings, and what is outside of it. */
struct shelf {
    char *above, *folder;
    struct recordings *recordings;
};

static void write_file(const char *folder, const char *name)
{
    char *path = g_build_filename(folder, name, NULL);
    char *parent = g_path_get_dirname(path);
    assert_int_equal(0, g_mkdir_with_parents(parent, 0700));
    assert_true(g_file_set_contents(path, name, -1, NULL));
    g_free(parent);
    g_free(path);
}

static void link_file(const char *target, const char *folder, const char *name)
{
    char *path = g_build_filename(folder, name, NULL);
    assert_int_equal(0, symlink(target, path));
    g_free(path);
}

static int set_up(void **state)
{
    struct shelf *shelf = g_new0(struct shelf, 1);
    char *problem;
    shelf->above = g_dir_make_tmp("bauta-shelf-XXXXXX", NULL);
    shelf->folder = g_build_filename(shelf->above, "shelf", NULL);
    write_file(shelf->above, "secret.mp4");
    static const char *const names[] = {
        "b.mp4",     "sub/a.MKV",   "sub/deep/c d%.ts", "1/2/3/4/e.mov", "1/2/3/4/5/f.mp4",
        "notes.txt", ".hidden.mp4", ".h/g.mp4",         "x.mp4.part",    ".mp4"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        write_file(shelf->folder, names[i]);
    link_file("../secret.mp4", shelf->folder, "link.mp4");
    link_file("b.mp4", shelf->folder, "own.mp4");
    link_file("..", shelf->folder, "up");
    char *pipe = g_build_filename(shelf->folder, "pipe.mp4", NULL);
    assert_int_equal(0, mkfifo(pipe, 0600));
    g_free(pipe);
    shelf->recordings = recordings_new(shelf->folder, &problem);
    assert_non_null(shelf->recordings);
    *state = shelf;
    return 0;
}

static void remove_all(const char *path)
{
    GDir *folder = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        char *below = g_build_filename(path, name, NULL);
        remove_all(below);
        g_free(below);
    }
    if (folder)
        g_dir_close(folder);
    g_remove(path);
}

static int tear_down(void **state)
{
    struct shelf *shelf = *state;
    recordings_free(shelf->recordings);
    remove_all(shelf->above);
    g_free(shelf->above);
    g_free(shelf->folder);
    g_free(shelf);
    return 0;
}

static bool opens(const struct recordings *recordings, const char *id)
{
    struct stat status;
    int file = recordings_open(recordings, id, &status);
    if (file >= 0)
        close(file);
    return file >= 0;
}

static void the_list_has_the_videos_of_the_folder_and_of_those_in_it(void **state)
{
    const struct shelf *shelf = *state;
    static const char *const ids[] = {"sub/a.MKV", "b.mp4", "sub/deep/c d%.ts", "1/2/3/4/e.mov"};
    GPtrArray *list = recordings_list(shelf->recordings);
    assert_int_equal(G_N_ELEMENTS(ids), list->len);
    for (guint i = 0; i < list->len; i++) {
        const struct recording *r = g_ptr_array_index(list, i);
        assert_string_equal(ids[i], r->id);
        assert_true(g_str_has_suffix(r->id, r->name) && !strchr(r->name, '/'));
        assert_int_equal(strlen(r->id), r->size);
        assert_true(opens(shelf->recordings, r->id));
    }
    g_ptr_array_unref(list);
}

static void nothing_else_can_be_opened(void **state)
{
    const struct shelf *shelf = *state;
    char *absolute = g_build_filename(shelf->above, "secret.mp4", NULL);
    const char *const ids[] = {"",
                               "..",
                               "../secret.mp4",
                               "sub/../b.mp4",
                               "sub/../../secret.mp4",
                               "./b.mp4",
                               "sub//a.MKV",
                               "/b.mp4",
                               "link.mp4",
                               "own.mp4",
                               "up/secret.mp4",
                               "up/shelf/b.mp4",
                               ".hidden.mp4",
                               ".h/g.mp4",
                               "notes.txt",
                               "x.mp4.part",
                               ".mp4",
                               "pipe.mp4",
                               "sub",
                               "sub/",
                               "b.mp4/",
                               "nobody.mp4",
                               "1/2/3/4/5/f.mp4",
                               absolute};
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        if (opens(shelf->recordings, ids[i]))
            fail_msg("'%s' was opened", ids[i]);
    g_free(absolute);
}

static void check_id(const char *expected, const char *path)
{
    char *id = recordings_decode(path);
    if (expected)
        assert_string_equal(expected, id);
    else if (id)
        fail_msg("'%s' became '%s'", path, id);
    g_free(id);
}

static void an_id_is_decoded_once_and_never_leads_up(void **state)
{
    (void)state;
    check_id("b.mp4", "b.mp4");
    check_id("sub/a.mkv", "sub/a.mkv");
    check_id("c d%.ts", "c%20d%25.ts");
    check_id("%2e%2e", "%252e%252e");
    static const char *const bad[] = {
        "",   "..",   "%2e%2e", ".", "a/../b", "a/%2e%2E/b", "a%2fb",       "a%2Fb",          "/a",
        "a/", "a//b", "a%00b",  "%", "%zz",    "%ff",        "a/b/c/d/e/f", "..%2fsecret.mp4"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        check_id(NULL, bad[i]);
}

static void one_file_is_all_of_it(void **state)
{
    const struct shelf *shelf = *state;
    char *problem, *path = g_build_filename(shelf->folder, "own.mp4", NULL);
    struct recordings *one = recordings_new(path, &problem); /* a link that was named is meant */
    assert_true(recordings_is_file(one));
    assert_true(opens(one, "own.mp4"));
    assert_false(opens(one, "b.mp4"));
    assert_false(opens(one, path));
    recordings_free(one);
    g_free(path);
}

static void what_is_wrong_is_said_by_name(void **state)
{
    const struct shelf *shelf = *state;
    static const char *const names[] = {"nothing", "shelf/.h", "shelf/pipe.mp4"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *problem, *path = g_build_filename(shelf->above, names[i], NULL);
        if (i == 1) {
            char *only = g_build_filename(path, "g.mp4", NULL);
            g_remove(only);
            g_free(only);
        }
        assert_null(recordings_new(path, &problem));
        assert_non_null(strstr(problem, path));
        g_free(problem);
        g_free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_has_the_videos_of_the_folder_and_of_those_in_it),
        cmocka_unit_test(nothing_else_can_be_opened),
        cmocka_unit_test(an_id_is_decoded_once_and_never_leads_up),
        cmocka_unit_test(one_file_is_all_of_it),
        cmocka_unit_test(what_is_wrong_is_said_by_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
