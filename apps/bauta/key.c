/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void say(const char *private_path, const char *public_path, bool signs,
                const struct bauta_log *log)
{
    uint8_t id[BAUTA_KEY_ID_SIZE];
    char text[2 * BAUTA_KEY_ID_SIZE + 1];
    if (signs) {
        struct bauta_signer *signer;
        if (bauta_signer_read(&signer, public_path, log))
            return;
        bauta_signer_id(id, signer);
        bauta_signer_free(&signer);
    } else {
        struct bauta_public_key *key;
        if (bauta_public_key_read(&key, public_path, log))
            return;
        bauta_public_key_id(id, key);
        bauta_public_key_free(&key);
    }
    printf("%s: private key, for %s; keep it safe\n%s: public key, for %s\nkey id %s\n",
           private_path, signs ? "--sign" : "--key", public_path,
           signs ? "--signer" : "--recipient", cli_hex(text, id, sizeof(id)));
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
        passphrase = cli_passphrase(options, OPTION_PASSPHRASE_FILE, NULL, &failed);
    if (failed)
        return EXIT_FAILED;
    bool signs = options_has(options, OPTION_SIGNING);
    enum bauta_status status = (signs ? bauta_signing_key_new : bauta_key_new)(
        private_path, public_path, passphrase, cli_log(options));
    cli_free_passphrase(&passphrase);
    if (!status && !options_has(options, OPTION_QUIET))
        say(private_path, public_path, signs, cli_log(options));
    return cli_exit_status(status);
}

static const enum option_id known[] = {OPTION_SIGNING, OPTION_NO_PASSPHRASE, OPTION_PASSPHRASE_FILE,
                                       OPTION_QUIET, N_OPTIONS};

const struct command command_key = {
    "key new",
    "[--sign] [--no-passphrase | --passphrase-file FILE] NAME",
    "Makes a key pair, NAME.key (private) and NAME.pub (public): to open originals, or with --sign "
    "to sign. Never overwrites.",
    1,
    known,
    run,
};
