/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "record/birth.h"
#include "record/segment.h"
#include "record/torn.h"

/* Files of recordings that could not be written to their end. */

enum { RATE = 10, N_PICTURES = 80, LIMIT = 48 << 10 };

/* When the first picture of all files was taken: 2023-11-14 22:13:20.25 UTC. */
#define BIRTH_S  G_GINT64_CONSTANT(1700000000)
#define BIRTH_US (BIRTH_S * 1000000 + 250000)

struct reel {
    char *folder;
    GPtrArray *samples; /* of GstSample: some seconds of H.264 */
};

static int set_up(void **state)
{
    struct reel *reel = g_new0(struct reel, 1);
    reel->folder = g_dir_make_tmp("bauta-segment-XXXXXX", NULL);
    reel->samples = g_ptr_array_new_with_free_func((GDestroyNotify)gst_sample_unref);
    *state = reel;
    GstElement *pipeline = gst_parse_launch(
        "videotestsrc pattern=snow num-buffers=80 ! video/x-raw,width=96,height=96,framerate=10/1 "
        "! "
        "x264enc tune=zerolatency key-int-max=10 bitrate=200 ! h264parse ! "
        "video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=exit sync=false",
        NULL);
    if (!pipeline)
        return 0;
    GstElement *sink = gst_bin_get_by_name(GST_BIN(pipeline), "exit");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstSample *sample;
    while ((sample = gst_app_sink_pull_sample(GST_APP_SINK(sink))))
        g_ptr_array_add(reel->samples, sample);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(sink);
    gst_object_unref(pipeline);
    return 0;
}

static int tear_down(void **state)
{
    struct reel *reel = *state;
    GDir *folder = g_dir_open(reel->folder, 0, NULL);
    const char *file;
    while ((file = g_dir_read_name(folder))) {
        char *path = g_build_filename(reel->folder, file, NULL);
        g_unlink(path);
        g_free(path);
    }
    g_dir_close(folder);
    g_rmdir(reel->folder);
    g_ptr_array_unref(reel->samples);
    g_free(reel->folder);
    g_free(reel);
    return 0;
}

/* No file grows beyond `most` bytes; 0: any may. A write says so, as on a full disk. */
static void limit_files(rlim_t most)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = most ? most : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Pictures that a player finds in a file; -1: it is none. */
static int count_pictures(const char *path)
{
    char *text =
        g_strdup_printf("filesrc location=%s ! parsebin ! appsink name=exit sync=false", path);
    GstElement *pipeline = gst_parse_launch(text, NULL);
    g_free(text);
    assert_non_null(pipeline);
    GstElement *sink = gst_bin_get_by_name(GST_BIN(pipeline), "exit");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstBus *bus = gst_element_get_bus(pipeline);
    int n = 0;
    GstSample *sample;
    while ((sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), GST_SECOND * 5))) {
        gst_sample_unref(sample);
        n++;
    }
    GstMessage *error = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(bus);
    gst_object_unref(sink);
    gst_object_unref(pipeline);
    if (!error)
        return n;
    gst_message_unref(error);
    return -1;
}

static struct segment *open_file(const struct reel *reel, const char *path,
                                 enum record_format format)
{
    if (reel->samples->len == 0)
        skip(); /* this GStreamer has no encoder */
    char *problem = NULL;
    struct segment *segment = segment_open(
        path, format, gst_sample_get_caps(reel->samples->pdata[0]), BIRTH_US, &problem);
    assert_non_null(segment);
    return segment;
}

/* Writes until that fails, and waits for it at the end. */
static char *write_all(const struct reel *reel, struct segment **segment)
{
    char *problem = NULL;
    for (guint i = 0; i < reel->samples->len; i++)
        if (!segment_write(*segment, gst_sample_get_buffer(reel->samples->pdata[i]), &problem))
            return problem;
    guint64 size;
    segment_close(*segment, &size, &problem);
    *segment = NULL;
    return problem;
}

static void check_full_disk(const struct reel *reel, enum record_format format, rlim_t most)
{
    char *path = g_build_filename(reel->folder, format == RECORD_MKV ? "a.mkv" : "a.mp4", NULL);
    char *part = g_strconcat(path, ".part", NULL);
    struct segment *segment = open_file(reel, path, format);
    limit_files(most);
    char *problem = write_all(reel, &segment);
    if (segment)
        segment_abandon(segment);
    limit_files(0);
    assert_non_null(problem);
    assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
    if (g_file_test(path, G_FILE_TEST_EXISTS) && count_pictures(path) <= 0)
        fail_msg("%s, of %d bytes, has no picture", path, (int)most);
    assert_true(g_file_test(path, G_FILE_TEST_EXISTS) || most < LIMIT);
    g_unlink(path);
    g_free(problem);
    g_free(part);
    g_free(path);
}

static void a_full_disk_leaves_what_can_be_played_or_nothing(void **state)
{
    const struct reel *reel = *state;
    for (rlim_t most = 1; most <= LIMIT; most += 1789) {
        check_full_disk(reel, RECORD_MP4, most);
        check_full_disk(reel, RECORD_MKV, most);
    }
    check_full_disk(reel, RECORD_MP4, LIMIT);
}

static void a_file_that_was_ended_is_whole(void **state)
{
    const struct reel *reel = *state;
    for (int format = RECORD_MP4; format <= RECORD_MKV; format++) {
        char *path = g_build_filename(reel->folder, format == RECORD_MKV ? "a.mkv" : "a.mp4", NULL);
        struct segment *segment = open_file(reel, path, (enum record_format)format);
        char *problem = write_all(reel, &segment);
        assert_null(problem);
        assert_true(torn_mend(path));
        assert_int_equal(count_pictures(path), N_PICTURES);
        g_free(path);
    }
}

/* How often `name` stands in the file with `value` as the `size` bytes of it `after` bytes behind
 * it; fails if another value does. */
static int count_values(const char *path, const char *name, gsize after, int size, guint64 value)
{
    char *text;
    gsize length;
    int n = 0;
    assert_true(g_file_get_contents(path, &text, &length, NULL));
    for (gsize i = 0; i + 32 < length; i++) {
        guint64 found = 0;
        if (memcmp(text + i, name, strlen(name)) != 0)
            continue;
        for (int k = 0; k < size; k++)
            found = found << 8 | (guchar)text[i + strlen(name) + after + (gsize)k];
        assert_int_equal(value, found);
        n++;
    }
    g_free(text);
    return n;
}

/* A creation time in MP4 is seconds since 1904, for each of the movie, track and media; in Matroska
 * (RFC 9559, DateUTC) nanoseconds since 2001. */
static void a_file_tells_when_its_first_picture_was_taken(void **state)
{
    const struct reel *reel = *state;
    const guint64 in_mp4 = (guint64)BIRTH_S + 2082844800;
    char *mp4 = g_build_filename(reel->folder, "b.mp4", NULL);
    char *mkv = g_build_filename(reel->folder, "b.mkv", NULL);
    struct segment *segment = open_file(reel, mp4, RECORD_MP4);
    assert_null(write_all(reel, &segment));
    segment = open_file(reel, mkv, RECORD_MKV);
    assert_null(write_all(reel, &segment));
    static const char *const headers[] = {"mvhd", "tkhd", "mdhd"};
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        assert_true(count_values(mp4, headers[i], 4, 4, in_mp4) >= 1);
    assert_int_equal(
        1, count_values(mkv, "\x44\x61\x88", 0, 8,
                        ((guint64)BIRTH_US - G_GUINT64_CONSTANT(978307200000000)) * 1000));
    g_free(mkv);
    g_free(mp4);
}

static void a_moov_that_is_not_whole_is_left_alone(void **state)
{
    (void)state;
    static const guchar files[][24] = {
        {0, 0, 0, 25, 'm', 'o', 'o', 'v'},
        {0, 0, 0, 24, 'm', 'o', 'o', 'f'},
        {0, 0, 0, 24, 'm', 'o', 'o', 'v', 0, 0, 0, 17, 'm', 'v', 'h', 'd'},
        {0, 0, 0, 24, 'm', 'o', 'o', 'v', 0, 0, 0, 16, 'm', 'v', 'h', 'd', 1},
        {0, 0, 0, 24, 'm', 'o', 'o', 'v', 0, 0, 0, 7, 'm', 'v', 'h', 'd'},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        guchar bytes[24];
        memcpy(bytes, files[i], 24);
        bool stamped = birth_stamp(bytes, 24, BIRTH_US);
        assert_int_equal(i >= 2, stamped);
        assert_memory_equal(bytes, files[i], 24);
    }
}

static void what_is_no_recording_is_not_mended(void **state)
{
    const struct reel *reel = *state;
    char *path = g_build_filename(reel->folder, "x", NULL);
    static const struct {
        const char *text;
        gssize size;
    } files[] = {{"", 0},
                 {"\0\0\0\x08moov", 8},
                 {"\0\0\0\x08mdat\0\0\0\x09moof", 16},
                 {"\0\0\0\1mdat\xff\xff\xff\xff\xff\xff\xff\xff", 16},
                 {"\0\0\0\0mdat\0\0\0\x08moof", 16},
                 {"\x1a\x45\xdf\xa3\x1f\x43\xb6", 7}};
    assert_false(torn_mend(path));
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        assert_true(g_file_set_contents(path, files[i].text, files[i].size, NULL));
        assert_false(torn_mend(path));
    }
    assert_true(g_file_set_contents(path, "\0\0\0\x08mdat\0\0\0\x08moof\0\0\0\x08mdat", 24, NULL));
    assert_true(torn_mend(path));
    GStatBuf status;
    assert_int_equal(g_stat(path, &status), 0);
    assert_int_equal(status.st_size, 16);
    g_free(path);
}

int main(int argc, char **argv)
{
    gst_init(&argc, &argv);
    signal(SIGXFSZ, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_leaves_what_can_be_played_or_nothing),
        cmocka_unit_test(a_file_that_was_ended_is_whole),
        cmocka_unit_test(a_file_tells_when_its_first_picture_was_taken),
        cmocka_unit_test(a_moov_that_is_not_whole_is_left_alone),
        cmocka_unit_test(what_is_no_recording_is_not_mended),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
