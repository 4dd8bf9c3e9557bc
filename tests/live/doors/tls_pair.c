/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/tls_pair.h"
#include "base/tls.h"

/* Certificates that are renewed while they are in use. */

struct desk {
    char *folder, *path, *key_path; /* what is in use */
    struct log log;
};

static char *name_file(const struct desk *desk, const char *name)
{
    return g_build_filename(desk->folder, name, NULL);
}

/* NAME.crt and NAME.key. */
static bool make(const struct desk *desk, const char *name)
{
    char *crt = g_strdup_printf("%s/%s.crt", desk->folder, name);
    char *key = g_strdup_printf("%s/%s.key", desk->folder, name);
    const char *const words[] = {"openssl",
                                 "req",
                                 "-x509",
                                 "-newkey",
                                 "ec",
                                 "-pkeyopt",
                                 "ec_paramgen_curve:prime256v1",
                                 "-nodes",
                                 "-days",
                                 "2",
                                 "-subj",
                                 "/CN=localhost",
                                 "-keyout",
                                 key,
                                 "-out",
                                 crt,
                                 NULL};
    int status = 1;
    const bool made =
        g_spawn_sync(NULL, (char **)(uintptr_t)words, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                     NULL, NULL, NULL, NULL, &status, NULL) &&
        status == 0;
    g_free(crt);
    g_free(key);
    return made;
}

static void copy(const struct desk *desk, const char *from, const char *to)
{
    char *source = name_file(desk, from), *text;
    gsize size;
    assert_true(g_file_get_contents(source, &text, &size, NULL));
    assert_true(g_file_set_contents_full(to, text, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600,
                                         NULL)); /* written over, as cp does */
    g_free(text);
    g_free(source);
}

static int set_up(void **state)
{
    struct desk *desk = g_new0(struct desk, 1);
    desk->folder = g_dir_make_tmp("bauta-pair-XXXXXX", NULL);
    desk->path = name_file(desk, "crt");
    desk->key_path = name_file(desk, "key");
    *state = desk;
    if (!make(desk, "a") || !make(desk, "b"))
        return 0;
    copy(desk, "a.crt", desk->path);
    copy(desk, "a.key", desk->key_path);
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    static const char *const names[] = {"a.crt", "a.key", "b.crt", "b.key", "crt", "key"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *path = name_file(desk, names[i]);
        g_unlink(path);
        g_free(path);
    }
    g_rmdir(desk->folder);
    g_free(desk->folder);
    g_free(desk->path);
    g_free(desk->key_path);
    g_free(desk);
    return 0;
}

/* Those tests have nothing to test without openssl's command. */
static struct tls_pair *begin(const struct desk *desk)
{
    if (!g_file_test(desk->path, G_FILE_TEST_EXISTS))
        skip();
    struct tls_pair *pair = tls_pair_new(desk->path, desk->key_path, &desk->log);
    assert_non_null(pair);
    return pair;
}

static void check_is(const struct desk *desk, GTlsCertificate *got, const char *name)
{
    char *path = name_file(desk, name);
    GTlsCertificate *want = g_tls_certificate_new_from_file(path, NULL);
    assert_true(g_tls_certificate_is_same(got, want));
    g_object_unref(want);
    g_free(path);
}

static void a_certificate_and_anothers_key_are_no_pair(void **state)
{
    const struct desk *desk = *state;
    struct tls_pair *pair = begin(desk);
    char *other = name_file(desk, "b.key");
    GError *error = NULL;
    assert_null(tls_pair_read(desk->path, other, &error));
    assert_non_null(error);
    g_error_free(error);
    assert_null(tls_pair_new(desk->path, other, &desk->log));
    g_free(other);
    tls_pair_free(pair);
}

static void one_is_renewed_only_when_both_files_are(void **state)
{
    const struct desk *desk = *state;
    struct tls_pair *pair = begin(desk);
    check_is(desk, tls_pair_look(pair), "a.crt");
    copy(desk, "b.crt", desk->path);
    check_is(desk, tls_pair_look(pair), "a.crt");
    check_is(desk, tls_pair_look(pair), "a.crt");
    copy(desk, "b.key", desk->key_path);
    check_is(desk, tls_pair_look(pair), "b.crt");
    copy(desk, "a.key", desk->key_path);
    check_is(desk, tls_pair_look(pair), "b.crt");
    copy(desk, "a.crt", desk->path);
    check_is(desk, tls_pair_look(pair), "a.crt");
    tls_pair_free(pair);
}

static void what_is_gone_or_torn_stays_in_use(void **state)
{
    const struct desk *desk = *state;
    struct tls_pair *pair = begin(desk);
    g_unlink(desk->key_path);
    check_is(desk, tls_pair_look(pair), "a.crt");
    copy(desk, "b.key", desk->key_path);
    assert_true(g_file_set_contents(desk->path, "-----BEGIN CERTIFICATE-----\nMII", -1, NULL));
    check_is(desk, tls_pair_look(pair), "a.crt");
    copy(desk, "b.crt", desk->path);
    check_is(desk, tls_pair_look(pair), "b.crt");
    tls_pair_free(pair);
}

static const char *type_of_database(gpointer connection)
{
    GTlsDatabase *database = g_tls_connection_get_database(G_TLS_CONNECTION(connection));
    return database ? G_OBJECT_TYPE_NAME(database) : "none";
}

/* Each would read them all, more than once under a flood; cameras are held against them still. */
static void clients_cost_no_reading_of_the_system_s_authorities(void **state)
{
    (void)state;
    assert_null(tls_harden());
    GInputStream *in = g_memory_input_stream_new();
    GOutputStream *out = g_memory_output_stream_new_resizable();
    GIOStream *memory = g_simple_io_stream_new(in, out);
    GIOStream *server = g_tls_server_connection_new(memory, NULL, NULL);
    assert_string_equal(type_of_database(server), "NobodyDatabase");
    GTlsDatabase *authorities = tls_authorities();
    assert_string_equal(G_OBJECT_TYPE_NAME(authorities), "GTlsDatabaseGnutls");
    g_object_unref(authorities);
    g_object_unref(server);
    g_object_unref(memory);
    g_object_unref(out);
    g_object_unref(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_certificate_and_anothers_key_are_no_pair, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_is_renewed_only_when_both_files_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_gone_or_torn_stays_in_use, set_up, tear_down),
        cmocka_unit_test(clients_cost_no_reading_of_the_system_s_authorities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
