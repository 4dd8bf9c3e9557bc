/* SPDX-License-Identifier: Apache-2.0 */
#include "passphrase.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void say(const struct bauta_log *log, const char *path)
{
    char sentence[512];
    snprintf(sentence, sizeof(sentence), "%.400s: no passphrase on its first line", path);
    log->write(log->user, BAUTA_LOG_ERROR, sentence);
}

enum bauta_status passphrase_read(char passphrase[PASSPHRASE_MOST], const char *path,
                                  const struct bauta_log *log)
{
    FILE *file = fopen(path, "r");
    bool read = false;
    if (file) {
        setvbuf(file, NULL, _IONBF, 0); /* no copy of the secret stays in a buffer */
        read = fgets(passphrase, PASSPHRASE_MOST, file) != NULL;
        fclose(file);
    }
    if (read)
        passphrase[strcspn(passphrase, "\r\n")] = '\0';
    if (read && *passphrase)
        return BAUTA_OK;
    passphrase_wipe(passphrase);
    say(log, path);
    return BAUTA_ERR_IO;
}

void passphrase_wipe(char passphrase[PASSPHRASE_MOST])
{
    volatile char *p = passphrase; /* volatile: the stores must not be optimised away */
    for (int i = 0; i < PASSPHRASE_MOST; i++)
        p[i] = '\0';
}
