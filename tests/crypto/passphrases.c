/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bauta/key.h>

static char folder[] = "/tmp/bauta-phrases-XXXXXX";

static const char *path(const char *name)
{
    static char paths[4][128];
    static int n;
    n = (n + 1) % 4;
    snprintf(paths[n], sizeof(paths[n]), "%s/%s", folder, name);
    return paths[n];
}

static int remove_pair(void **state)
{
    (void)state;
    unlink(path("key"));
    unlink(path("pub"));
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* A status other than BAUTA_OK when the key cannot be read with the passphrase. */
static enum bauta_status try_read(const char *passphrase)
{
    struct bauta_private_key *key;
    enum bauta_status status = bauta_private_key_read(&key, path("key"), passphrase, NULL);
    assert_true((status == BAUTA_OK) == (key != NULL));
    bauta_private_key_free(&key);
    return status;
}

static void a_passphrase_that_locks_a_key_opens_it_and_no_other_does(void **state)
{
    (void)state;
    static char long_one[1025], too_long[1200];
    memset(long_one, 'l', sizeof(long_one) - 1);
    memset(too_long, 't', sizeof(too_long) - 1);
    const char *phrases[] = {"x",        " ",      "a phrase", "\xc3\xa9\xe2\x82\xac",
                             "-----END", long_one, too_long,   ""};
    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
        enum bauta_status made = bauta_key_new(path("key"), path("pub"), phrases[i], NULL);
        if (made) { /* refused is well, locked for ever is not */
            check_status(BAUTA_ERR_ARGUMENT, made);
            assert_int_equal(-1, access(path("key"), F_OK));
            continue;
        }
        enum bauta_status status = try_read(phrases[i]);
        if (status)
            fail_msg("passphrase %zu, %zu bytes: %s", i, strlen(phrases[i]),
                     bauta_status_text(status));
        check_status(BAUTA_ERR_DENIED, try_read("another"));
        check_status(BAUTA_ERR_DENIED, try_read(NULL));
        remove_pair(NULL);
    }
}

static void a_passphrase_for_a_key_without_one_does_no_harm(void **state)
{
    (void)state;
    check_ok(bauta_key_new(path("key"), path("pub"), NULL, NULL));
    check_ok(try_read("not needed"));
    check_ok(try_read(NULL));
}

static void a_private_key_is_its_owners_alone_whatever_the_umask(void **state)
{
    (void)state;
    const mode_t masks[] = {0, 022, 077};
    for (size_t i = 0; i < 3; i++) {
        struct stat s;
        mode_t before = umask(masks[i]);
        check_ok(bauta_key_new(path("key"), path("pub"), NULL, NULL));
        umask(before);
        assert_int_equal(0, stat(path("key"), &s));
        assert_int_equal(0600, s.st_mode & 07777);
        remove_pair(NULL);
    }
}

static size_t read_text(char *text, size_t size, const char *name)
{
    FILE *file = fopen(path(name), "rb");
    assert_non_null(file);
    size_t n = fread(text, 1, size, file);
    fclose(file);
    return n;
}

static void a_file_in_the_way_keeps_every_byte(void **state)
{
    (void)state;
    char before[1024], after[1024];
    check_ok(bauta_key_new(path("key"), path("pub"), NULL, NULL));
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "pub" : "key";
        size_t size = read_text(before, sizeof(before), name);
        check_status(BAUTA_ERR_EXISTS, bauta_key_new(i ? path("other") : path("key"),
                                                     i ? path("pub") : path("other"), NULL, NULL));
        assert_int_equal(size, read_text(after, sizeof(after), name));
        assert_memory_equal(before, after, size);
        assert_int_equal(-1, access(path("other"), F_OK));
    }
}

static void run(const char *format, const char *a, const char *b)
{
    char command[512];
    snprintf(command, sizeof(command), format, a, b);
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}

static void keys_of_the_openssl_program_are_read(void **state)
{
    (void)state;
    struct bauta_public_key *public_key;
    uint8_t id[BAUTA_KEY_ID_SIZE], other[BAUTA_KEY_ID_SIZE];
    struct bauta_private_key *key;
    run("openssl genpkey -algorithm X25519 -aes-256-cbc -pass pass:phrase -out %s%s", path("key"),
        "");
    run("openssl pkey -in %s -passin pass:phrase -pubout -out %s", path("key"), path("pub"));
    check_ok(bauta_private_key_read(&key, path("key"), "phrase", NULL));
    check_ok(bauta_public_key_read(&public_key, path("pub"), NULL));
    bauta_private_key_id(id, key);
    bauta_public_key_id(other, public_key);
    assert_memory_equal(id, other, sizeof(id));
    bauta_private_key_free(&key);
    bauta_public_key_free(&public_key);
    check_status(BAUTA_ERR_DENIED, try_read("wrong"));
}

static void the_openssl_program_finds_the_public_key_in_the_private_one(void **state)
{
    (void)state;
    check_ok(bauta_key_new(path("key"), path("pub"), "phrase", NULL));
    run("openssl pkey -in %s -passin pass:phrase -pubout | cmp - %s", path("key"), path("pub"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_passphrase_that_locks_a_key_opens_it_and_no_other_does,
                                  remove_pair),
        cmocka_unit_test_teardown(a_passphrase_for_a_key_without_one_does_no_harm, remove_pair),
        cmocka_unit_test_teardown(a_private_key_is_its_owners_alone_whatever_the_umask,
                                  remove_pair),
        cmocka_unit_test_teardown(a_file_in_the_way_keeps_every_byte, remove_pair),
        cmocka_unit_test_teardown(keys_of_the_openssl_program_are_read, remove_pair),
        cmocka_unit_test_teardown(the_openssl_program_finds_the_public_key_in_the_private_one,
                                  remove_pair),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
