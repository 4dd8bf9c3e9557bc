/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include <gio/gio.h>

/* The certificate and its key, both PEM. NULL with a sentence in `*problem` that names both if they
 * cannot be read, or do not belong together: GIO does not look, and each client would be sent away
 * later. Runs the main loop meanwhile. */
GTlsCertificate *certificate_read(const char *path, const char *key_path, char **problem);

#endif
