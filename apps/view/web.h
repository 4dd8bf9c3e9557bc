/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_H
#define WEB_H

#include <bauta/key.h>

#include "address.h"
#include "live.h"
#include "look.h"
#include "recordings.h"

/* The server: what is asked for, and who answers (docs/player.md). Main thread. */
struct web;

/* What is shown, and to whom; all borrowed. */
struct web_settings {
    const struct recordings *recordings; /* or */
    struct live *live;
    struct look *look; /* of the recordings */
    const char *const *signer_paths;
    const struct bauta_signer *const *signers;
    int n_signers;
    const char *audit_path;
    GTlsCertificate *certificate; /* NULL: plain HTTP */
    struct address address;
};

/* NULL with a sentence in `*problem` if it cannot listen there. */
struct web *web_new(const struct web_settings *settings, char **problem);
/* Ends all connections. */
void web_free(struct web *web);
/* The page's address, token and all; free with g_free(). */
char *web_address(const struct web *web);

#endif
