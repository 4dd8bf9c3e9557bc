/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bauta/secrets.h>

#include "cli.h"

/* Reading a private key of either kind, whose passphrase comes from a file, or, if the key needs
 * one, from the terminal. */
struct reading {
    enum option_id key, passphrase_file;
    const char *prompt;
    enum bauta_status (*read)(void *key, const char *path, const char *passphrase,
                              const struct bauta_log *log);
};

static enum bauta_status read_private(void *key, const char *path, const char *passphrase,
                                      const struct bauta_log *log)
{
    struct bauta_private_key **to = key;
    return bauta_private_key_read(to, path, passphrase, log);
}

static enum bauta_status read_signing(void *key, const char *path, const char *passphrase,
                                      const struct bauta_log *log)
{
    struct bauta_signing_key **to = key;
    return bauta_signing_key_read(to, path, passphrase, log);
}

/* Whether a key in a file has a passphrase; its block need not be the first. What a pipe holds can
 * be read only once: its passphrase comes from a file. */
static bool is_encrypted(const char *path)
{
    enum { MOST = 64 << 10 }; /* bytes of a key file */
    static const char mark[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    struct stat about;
    FILE *file = stat(path, &about) == 0 && S_ISREG(about.st_mode) ? fopen(path, "r") : NULL;
    char *text = file ? calloc(1, MOST + 1) : NULL;
    bool found = false;
    if (text) {
        setvbuf(file, NULL, _IONBF, 0); /* no copy of a key stays in a buffer */
        const size_t size = fread(text, 1, MOST, file);
        for (size_t i = 0; i + sizeof(mark) - 1 <= size && !found; i++)
            found = memcmp(text + i, mark, sizeof(mark) - 1) == 0;
    }
    bauta_wipe(text, MOST);
    free(text);
    if (file)
        fclose(file);
    return found;
}

static int read_key(void *key, const struct reading *how, const struct options *options)
{
    const char *path = options_get(options, how->key);
    char *passphrase = NULL;
    int failed = EXIT_DONE;
    if (options_has(options, how->passphrase_file) || is_encrypted(path))
        failed = cli_passphrase(&passphrase, options, how->passphrase_file, how->prompt);
    if (failed)
        return failed;
    enum bauta_status status = how->read(key, path, passphrase, cli_log(options));
    cli_free_passphrase(&passphrase);
    return cli_exit_status(status);
}

int cli_read_private_key(struct bauta_private_key **key, const struct options *options)
{
    static const struct reading how = {OPTION_KEY, OPTION_PASSPHRASE_FILE,
                                       "Passphrase of the key: ", read_private};
    return read_key(key, &how, options);
}

int cli_read_signing_key(struct bauta_signing_key **key, const struct options *options)
{
    static const struct reading how = {OPTION_SIGN, OPTION_SIGN_PASSPHRASE_FILE,
                                       "Passphrase of the signing key: ", read_signing};
    *key = NULL;
    return options_has(options, OPTION_SIGN) ? read_key(key, &how, options) : EXIT_DONE;
}

int cli_read_signers(struct bauta_signer **signers, const struct options *options)
{
    int status = EXIT_DONE;
    for (int i = 0; i < options->n_values[OPTION_SIGNER] && !status; i++)
        status = cli_exit_status(
            bauta_signer_read(&signers[i], options->values[OPTION_SIGNER][i], cli_log(options)));
    return status;
}
