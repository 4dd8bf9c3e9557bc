/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void say(const char *private_path, const char *public_path, const struct bauta_log *log)
{
    struct bauta_public_key *key;
    if (bauta_public_key_read(&key, public_path, log))
        return;
    uint8_t id[BAUTA_KEY_ID_SIZE];
    bauta_public_key_id(id, key);
    bauta_public_key_free(&key);
    printf("%s: private key, keep it safe\n%s: public key, for --recipient\nkey id ", private_path,
           public_path);
    for (size_t i = 0; i < sizeof(id); i++)
        printf("%02x", id[i]);
    printf("\n");
}

static int run(const struct options *options)
{
    const char *name = options->arguments[0];
    char private_path[4096], public_path[4096];
    bool failed = false;
    if (options_has(options, OPTION_NO_PASSPHRASE) && options_has(options, OPTION_PASSPHRASE_FILE))
        return cli_usage(&command_key, "--no-passphrase and --passphrase-file exclude each other");
    if (snprintf(private_path, sizeof(private_path), "%s.key", name) >= (int)sizeof(private_path) ||
        snprintf(public_path, sizeof(public_path), "%s.pub", name) >= (int)sizeof(public_path))
        return cli_usage(&command_key, "the name is too long");
    char *passphrase = NULL;
    if (!options_has(options, OPTION_NO_PASSPHRASE))
        passphrase = cli_passphrase(options, true, &failed);
    if (failed)
        return EXIT_FAILED;
    enum bauta_status status =
        bauta_key_new(private_path, public_path, passphrase, cli_log(options));
    cli_free_passphrase(&passphrase);
    if (!status && !options_has(options, OPTION_QUIET))
        say(private_path, public_path, cli_log(options));
    return cli_exit_status(status);
}

static const enum option_id known[] = {OPTION_NO_PASSPHRASE, OPTION_PASSPHRASE_FILE, OPTION_QUIET,
                                       N_OPTIONS};

const struct command command_key = {
    "key new",
    "[--no-passphrase | --passphrase-file FILE] NAME",
    "Makes a key pair: NAME.key (private) and NAME.pub (public). Never overwrites.",
    1,
    known,
    run,
};
