/* SPDX-License-Identifier: Apache-2.0 */
#include "studio.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bauta/audit.h>
#include <bauta/file.h>

/* What a pipeline leaves in the audit log, and which files its elements take. */

#define IN "appsrc name=in format=time max-bytes=0 ! "
#define PROTECT                                                                                    \
    "bautaprotect realtime=no recipients=%s ! x264enc tune=zerolatency ! h264parse ! bautaattach "
#define RECOVER "avdec_h264 name=d ! bautarecover name=r reason=test key=%s audit=%s "
#define OUT     "! appsink name=out sync=false"

enum { ROWS_MOST = 4 };

/* Rows of a log, in order. */
struct rows {
    int n;
    struct {
        char outcome[16], what[512], stream[64];
    } row[ROWS_MOST];
};

static enum bauta_status take_row(void *user, const struct bauta_audit_row *row)
{
    struct rows *rows = user;
    assert_true(rows->n < ROWS_MOST);
    g_strlcpy(rows->row[rows->n].outcome, row->outcome, sizeof(rows->row[0].outcome));
    g_strlcpy(rows->row[rows->n].what, row->what, sizeof(rows->row[0].what));
    g_strlcpy(rows->row[rows->n].stream, row->stream, sizeof(rows->row[0].stream));
    rows->n++;
    return BAUTA_OK;
}

/* Reads the log, and takes it away. */
static void read_rows(struct rows *rows, const struct studio *s)
{
    struct bauta_audit *audit;
    *rows = (struct rows){.n = 0};
    check_ok(bauta_audit_open_existing(&audit, s->audit, NULL));
    check_ok(bauta_audit_read(audit, take_row, rows));
    bauta_audit_free(&audit);
    unlink(s->audit);
}

static void protect_into_file(const struct studio *s)
{
    struct take take;
    take_begin(&take, IN PROTECT "! h264parse ! mp4mux ! filesink location=%s", s->pub, s->out);
    take_feed_all(&take, s);
    if (!take_finish(&take))
        fail_msg("%s", take.error);
    take_end(&take);
}

static void find_stream(char text[33], const char *path)
{
    struct bauta_inspector *inspector;
    struct bauta_inspection found;
    struct bauta_file_info info;
    check_ok(bauta_inspect_file(&inspector, &info, path, NULL));
    bauta_inspector_result(inspector, &found);
    for (int i = 0; i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x", found.stream_id[i]);
    bauta_inspector_free(&inspector);
}

static void both_rows_name_stream_and_file(void **state)
{
    const struct studio *s = *state;
    struct take take;
    struct rows rows;
    char stream[33], what[256];
    protect_into_file(s);
    find_stream(stream, s->out);
    take_begin(&take, "filesrc location=%s ! qtdemux ! h264parse ! bautacollect ! " RECOVER OUT,
               s->out, s->key, s->audit);
    assert_int_equal(STUDIO_PICTURES, take_pull_all(&take));
    assert_true(take_finish(&take));
    take_end(&take);
    read_rows(&rows, s);
    snprintf(what, sizeof(what), "a pipeline from %s", s->out);
    assert_int_equal(2, rows.n);
    assert_string_equal("begun", rows.row[0].outcome);
    assert_string_equal("done", rows.row[1].outcome);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(stream, rows.row[i].stream);
        assert_string_equal(what, rows.row[i].what);
    }
}

/* A run that is killed has no second row. */
static void the_first_row_tells_it_before_there_is_a_second(void **state)
{
    const struct studio *s = *state;
    struct take take;
    struct rows rows;
    char stream[33];
    find_stream(stream, s->out);
    take_begin(&take,
               "filesrc location=%s ! qtdemux ! h264parse ! bautacollect ! " RECOVER
               "! appsink name=out sync=false max-buffers=1",
               s->out, s->key, s->audit);
    gst_sample_unref(take_pull(&take));
    read_rows(&rows, s);
    take_end(&take);
    unlink(s->audit);
    assert_int_equal(1, rows.n);
    assert_string_equal(stream, rows.row[0].stream);
}

static void a_log_that_is_lost_on_the_way_is_said(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take, "filesrc location=%s ! qtdemux ! h264parse ! bautacollect ! " RECOVER OUT,
               s->out, s->key, s->audit);
    assert_int_equal(STUDIO_PICTURES, take_pull_all(&take));
    unlink(s->audit);
    gst_element_set_state(take.pipeline, GST_STATE_READY);
    GstBus *bus = gst_element_get_bus(take.pipeline);
    GstMessage *message = gst_bus_pop_filtered(bus, GST_MESSAGE_WARNING);
    assert_non_null(message);
    GError *error = NULL;
    char *why = NULL;
    gst_message_parse_warning(message, &error, &why);
    assert_non_null(strstr(error->message, "outcome could not be written"));
    assert_non_null(strstr(why, s->audit));
    g_error_free(error);
    g_free(why);
    gst_message_unref(message);
    gst_object_unref(bus);
    take_end(&take);
}

static void a_source_without_a_name_is_said_to_be_one(void **state)
{
    const struct studio *s = *state;
    struct take take;
    struct rows rows;
    take_begin(&take, IN PROTECT "! bautacollect ! " RECOVER "targets=1 " OUT, s->pub, s->key,
               s->audit);
    take_feed_all(&take, s);
    assert_int_equal(STUDIO_PICTURES, take_pull_all(&take));
    assert_true(take_finish(&take));
    take_end(&take);
    read_rows(&rows, s);
    assert_int_equal(2, rows.n);
    for (int i = 0; i < 2; i++) {
        assert_string_equal("a pipeline from an unnamed source; targets 1", rows.row[i].what);
        assert_int_equal(32, strlen(rows.row[i].stream));
    }
}

static GstPadProbeReturn answer_uri(GstPad *pad, GstPadProbeInfo *info, gpointer uri)
{
    GstQuery *query = GST_PAD_PROBE_INFO_QUERY(info);
    (void)pad;
    if (GST_QUERY_TYPE(query) != GST_QUERY_URI)
        return GST_PAD_PROBE_OK;
    gst_query_set_uri(query, uri);
    return GST_PAD_PROBE_HANDLED;
}

/* What the log calls a source that gives this address. */
static void name_of(char what[512], const struct studio *s, const char *uri)
{
    struct take take;
    struct rows rows;
    char *address = g_strdup(uri);
    take_begin(&take, IN PROTECT "! bautacollect ! " RECOVER OUT, s->pub, s->key, s->audit);
    GstPad *pad = gst_element_get_static_pad(take_element(&take, "d"), "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM, answer_uri, address, NULL);
    gst_object_unref(pad);
    take_feed(&take, s, 0, 0);
    take_end_feed(&take);
    assert_int_equal(1, take_pull_all(&take));
    assert_true(take_finish(&take));
    take_end(&take);
    g_free(address);
    read_rows(&rows, s);
    g_strlcpy(what, rows.row[0].what, 512);
}

static void no_password_or_query_of_an_address_is_written_down(void **state)
{
    const struct studio *s = *state;
    static const struct {
        const char *uri, *name;
    } rows[] = {
        {"rtsp://alice:secret@cam.example:8554/front?token=secret#secret",
         "a pipeline from rtsp://cam.example:8554/front"},
        {"https://secret@cam.example/a%20b?secret", "a pipeline from https://cam.example/a%20b"},
        {"rtsp://[2001:db8::1]/front", "a pipeline from rtsp://[2001:db8::1]/front"},
        {"secret is no address", "a pipeline from an unnamed source"},
        {"rtsp://alice:sec%zzret@cam.example/", "a pipeline from an unnamed source"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char what[512];
        name_of(what, s, rows[i].uri);
        assert_string_equal(rows[i].name, what);
        assert_null(strstr(what, "secret"));
    }
}

/* The words of the error with which a pipeline of `text` ends, which nothing comes out of. */
static void refused(const char *words, const char *text)
{
    struct take take;
    take_begin(&take, "%s", text);
    GstElement *out = gst_bin_get_by_name(GST_BIN(take.pipeline), "out");
    assert_null(out ? take_pull(&take) : NULL);
    gst_clear_object(&out);
    if (take_finish(&take))
        fail_msg("taken: %s", text);
    if (!strstr(take.error, words))
        fail_msg("%s: %s, not %s", text, take.error, words);
    take_end(&take);
}

static void refuse(const char *words, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void refuse(const char *words, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    char *text = g_strdup_vprintf(format, values);
    va_end(values);
    refused(words, text);
    g_free(text);
}

static void a_log_is_a_file_of_its_own(void **state)
{
    const struct studio *s = *state;
    char link[160], device[] = "/dev/null";
    const char *const wrong[] = {":memory:", "file:x.db", device, link, s->folder, s->key};
    snprintf(link, sizeof(link), "%s/link.db", s->folder);
    assert_int_equal(0, symlink(s->audit, link));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        refuse("audit log",
               "filesrc location=%s ! qtdemux ! h264parse ! bautacollect ! " RECOVER OUT, s->out,
               s->key, wrong[i]);
    unlink(link);
    assert_int_not_equal(0, access(s->audit, F_OK));
    struct bauta_private_key *key;
    check_ok(bauta_private_key_read(&key, s->key, NULL, NULL)); /* as it was */
    bauta_private_key_free(&key);
}

static void a_log_is_its_owners_alone(void **state)
{
    const struct studio *s = *state;
    struct stat about;
    struct take take;
    take_begin(&take, "filesrc location=%s ! qtdemux ! h264parse ! bautacollect ! " RECOVER OUT,
               s->out, s->key, s->audit);
    assert_int_equal(STUDIO_PICTURES, take_pull_all(&take));
    take_end(&take);
    assert_int_equal(0, stat(s->audit, &about));
    assert_int_equal(0600, about.st_mode & 0777);
    unlink(s->audit);
}

static void a_passphrase_that_others_can_read_is_refused(void **state)
{
    const struct studio *s = *state;
    char secret[160];
    snprintf(secret, sizeof(secret), "%s/secret", s->folder);
    assert_true(g_file_set_contents(secret, "open sesame\n", -1, NULL));
    assert_int_equal(0, chmod(secret, 0644));
    refuse("Nothing can be recovered",
           "videotestsrc num-buffers=1 ! bautarecover reason=test key=%s passphrase-file=%s "
           "audit=%s ! fakesink",
           s->key, secret, s->audit);
    refuse("A key cannot be read",
           "videotestsrc num-buffers=1 ! bautaprotect recipients=%s signing-key=%s "
           "signing-passphrase-file=%s ! fakesink",
           s->pub, s->sign_key, secret);
    unlink(secret);
}

static void who_gives_no_reason_recovers_nothing(void **state)
{
    const struct studio *s = *state;
    const char *const reasons[] = {"", "reason=\" \" "};
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        refuse("set reason, it is written into the audit log",
               "videotestsrc num-buffers=1 ! bautarecover %skey=%s audit=%s ! fakesink", reasons[i],
               s->key, s->audit);
    assert_int_not_equal(0, access(s->audit, F_OK));
}

static void a_key_that_others_can_read_is_refused(void **state)
{
    const struct studio *s = *state;
    assert_int_equal(0, chmod(s->key, 0644) | chmod(s->sign_key, 0640));
    refuse("Nothing can be recovered",
           "videotestsrc num-buffers=1 ! bautarecover reason=test key=%s audit=%s ! fakesink",
           s->key, s->audit);
    refuse("A key cannot be read",
           "videotestsrc num-buffers=1 ! bautaprotect recipients=%s signing-key=%s ! fakesink",
           s->pub, s->sign_key);
    assert_int_equal(0, chmod(s->key, 0600) | chmod(s->sign_key, 0600));
}

static void files_that_are_not_what_they_should_be_are_refused(void **state)
{
    const struct studio *s = *state;
    const char *const keys[] = {s->pub, s->sign_key, s->folder, "/dev/null", "/nowhere.key"};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        refuse("Nothing can be recovered",
               "videotestsrc num-buffers=1 ! bautarecover reason=test key=%s audit=%s ! fakesink",
               keys[i], s->audit);
    const char *const grants[] = {s->pub, s->folder, "/nowhere.grant"};
    for (size_t i = 0; i < G_N_ELEMENTS(grants); i++)
        refuse("Nothing can be recovered",
               "videotestsrc num-buffers=1 ! bautarecover reason=test key=%s grant=%s audit=%s ! "
               "fakesink",
               s->key, grants[i], s->audit);
    const char *const recipients[] = {s->key, s->sign_pub, s->folder, "/nowhere.pub"};
    for (size_t i = 0; i < G_N_ELEMENTS(recipients); i++)
        refuse("A key cannot be read",
               "videotestsrc num-buffers=1 ! bautaprotect recipients=%s ! fakesink", recipients[i]);
    assert_int_not_equal(0, access(s->audit, F_OK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_rows_name_stream_and_file),
        cmocka_unit_test(the_first_row_tells_it_before_there_is_a_second),
        cmocka_unit_test(a_log_that_is_lost_on_the_way_is_said),
        cmocka_unit_test(a_source_without_a_name_is_said_to_be_one),
        cmocka_unit_test(no_password_or_query_of_an_address_is_written_down),
        cmocka_unit_test(a_log_is_a_file_of_its_own),
        cmocka_unit_test(who_gives_no_reason_recovers_nothing),
        cmocka_unit_test(a_log_is_its_owners_alone),
        cmocka_unit_test(a_passphrase_that_others_can_read_is_refused),
        cmocka_unit_test(a_key_that_others_can_read_is_refused),
        cmocka_unit_test(files_that_are_not_what_they_should_be_are_refused),
    };
    return cmocka_run_group_tests(tests, studio_set_up, studio_tear_down);
}
