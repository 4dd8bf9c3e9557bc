/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bauta/secrets.h>

#include "base/log.h"
#include "crypto/key_file.h"
#include "crypto/pem_blocks.h"
#include "crypto/secret.h"

enum { ROOM = BAUTA_SECRET_MOST + 2 }; /* with its line's end, CR and LF */

static enum bauta_status refuse_open(const char *path, const struct bauta_log *log)
{
    return bt_log_fail(log, BAUTA_ERR_DENIED,
                       "%s: others than its owner can read or change it: chmod 600 it", path);
}

/* Byte by byte: what follows the line in a pipe stays in it. Gives errno; ERANGE: no end in it. */
static int read_line(char line[ROOM], int file)
{
    size_t size = 0;
    while (size < ROOM) {
        ssize_t n = read(file, line + size, 1);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n == 0 || (n == 1 && line[size] == '\n')) {
            memset(line + size, 0, ROOM - size);
            line[strcspn(line, "\r")] = '\0';
            return strlen(line) > BAUTA_SECRET_MOST ? ERANGE : 0;
        }
        size += n == 1;
    }
    return ERANGE;
}

static enum bauta_status take_line(char *line, const char *path, int file,
                                   const struct bauta_log *log)
{
    if (bt_key_file_is_open(file))
        return refuse_open(path, log);
    const int error = read_line(line, file);
    if (error == ERANGE)
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: its first line is longer than %d bytes",
                           path, BAUTA_SECRET_MOST);
    if (error)
        return bt_log_fail(log, BAUTA_ERR_IO, "%s: %s", path, strerror(error));
    if (!*line)
        return bt_log_fail(log, BAUTA_ERR_FORMAT,
                           "%s: there is no password or passphrase on its first line", path);
    return BAUTA_OK;
}

enum bauta_status bauta_secret_read(char **secret, const char *path, const struct bauta_log *log)
{
    if (!secret || !path)
        return BAUTA_ERR_ARGUMENT;
    *secret = bt_secret_new(ROOM);
    if (!*secret)
        return BAUTA_ERR_MEMORY;
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    enum bauta_status status = file < 0
                                   ? bt_log_fail(log, BAUTA_ERR_IO, "%s: %s", path, strerror(errno))
                                   : take_line(*secret, path, file, log);
    if (file >= 0)
        close(file);
    if (status)
        bauta_secret_free(secret);
    return status;
}

void bauta_secret_free(char **secret)
{
    if (!secret)
        return;
    bt_secret_free(*secret, ROOM);
    *secret = NULL;
}

/* Whoever takes the other half of a pair for the secret one is told so; chmod would not help. */
static enum bauta_status refuse_public(const char *path, const struct bauta_log *log)
{
    static const char *const private_[] = {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY",
                                           "RSA PRIVATE KEY", "EC PRIVATE KEY", NULL};
    struct bt_buffer text = {0};
    struct bt_pem_block block = {.label = NULL};
    char words[128];
    enum bauta_status status = bt_key_file_read(&text, path, NULL, NULL);
    if (!status)
        status = bt_pem_block_find(&block, private_, bt_buffer_view(&text));
    if (status != BAUTA_ERR_MEMORY)
        status = BAUTA_OK; /* whoever reads it says what is wrong */
    if (block.label &&
        (strcmp(block.label, "PUBLIC KEY") == 0 || strcmp(block.label, "CERTIFICATE") == 0)) {
        bt_pem_words(words, sizeof(words), &block, bt_buffer_view(&text));
        status = bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: not a private key, but %s", path, words);
    }
    bt_pem_block_clear(&block);
    bt_buffer_wipe(&text);
    return status;
}

enum bauta_status bauta_secret_check(const char *path, const struct bauta_log *log)
{
    struct stat about;
    if (!path)
        return BAUTA_ERR_ARGUMENT;
    if (stat(path, &about) != 0)
        return BAUTA_OK;
    enum bauta_status status = S_ISREG(about.st_mode) ? refuse_public(path, log) : BAUTA_OK;
    return !status && bt_key_file_mode_is_open(&about) ? refuse_open(path, log) : status;
}
