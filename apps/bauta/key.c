/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "audit_note.h"

/* Says how the new key is named, here and in the audit log. */
static void tell(const char *public_path, struct audit_note *note, bool signs,
                 const struct options *options)
{
    uint8_t id[BAUTA_KEY_ID_SIZE];
    struct bauta_signer *signer = NULL;
    struct bauta_public_key *key = NULL;
    const struct bauta_log *log = cli_log(options);
    if (signs ? bauta_signer_read(&signer, public_path, log)
              : bauta_public_key_read(&key, public_path, log))
        return;
    if (signs)
        bauta_signer_id(id, signer);
    else
        bauta_public_key_id(id, key);
    bauta_signer_free(&signer);
    bauta_public_key_free(&key);
    bauta_hex(note->key, id, sizeof(id));
    if (!options_has(options, OPTION_QUIET))
        printf("%s.key: private key, for %s; keep it safe\n%s: public key, for %s\nkey id %s\n",
               options->arguments[0], signs ? "--sign" : "--key", public_path,
               signs ? "--signer" : "--recipient", note->key);
}

static int run(const struct options *options)
{
    const char *name = options->arguments[0];
    char private_path[4096], public_path[4096];
    int status = EXIT_DONE;
    if (options_has(options, OPTION_NO_PASSPHRASE) && options_has(options, OPTION_PASSPHRASE_FILE))
        return cli_usage(&command_key, "--no-passphrase and --passphrase-file exclude each other");
    if (snprintf(private_path, sizeof(private_path), "%s.key", name) >= (int)sizeof(private_path) ||
        snprintf(public_path, sizeof(public_path), "%s.pub", name) >= (int)sizeof(public_path))
        return cli_usage(&command_key, "the name is too long");
    char *passphrase = NULL;
    if (!options_has(options, OPTION_NO_PASSPHRASE))
        status = cli_passphrase(&passphrase, options, OPTION_PASSPHRASE_FILE, NULL);
    if (status)
        return status;
    bool signs = options_has(options, OPTION_SIGNING);
    struct audit_note note = {.audit = NULL};
    audit_what(&note, options, N_OPTIONS);
    status = audit_begin(&note, signs ? "key sign" : "key", options);
    if (!status)
        status = cli_exit_status((signs ? bauta_signing_key_new : bauta_key_new)(
            private_path, public_path, passphrase, cli_log(options)));
    cli_free_passphrase(&passphrase);
    if (!status)
        tell(public_path, &note, signs, options);
    return audit_end(&note, status);
}

static const enum option_id known[] = {OPTION_SIGNING, OPTION_NO_PASSPHRASE, OPTION_PASSPHRASE_FILE,
                                       OPTION_AUDIT,   OPTION_QUIET,         N_OPTIONS};

const struct command command_key = {
    "key new",
    "[--sign] [--no-passphrase | --passphrase-file FILE] NAME",
    "Makes a key pair, NAME.key (private) and NAME.pub (public): to open originals, or with --sign "
    "to sign. Never overwrites.",
    1,
    known,
    run,
};
