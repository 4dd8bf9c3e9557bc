/* SPDX-License-Identifier: Apache-2.0 */
#ifndef URLS_H
#define URLS_H

#include <stdbool.h>

#include "config/config.h"

/* Where clients find the doors, as they are told by ONVIF. */
struct urls {
    char *http;  /* "http://HOST:PORT" or "https://..." */
    char *rtsp;  /* "rtsp://HOST:PORT"; NULL: off */
    char *rtsps; /* NULL: off */
};

/*
 * From what the client said in its Host header, so that the addresses hold through a translation of
 * addresses, or from `local`, the address that it came to, if it said nothing usable; `address` of
 * the configuration replaces both. `secret`: it came by HTTPS.
 */
void urls_init(struct urls *urls, const struct service_config *config, const char *host_header,
               const char *local, bool secret);
/* Whether a Host header (NULL: there is none) is a name of this service: an address, `localhost`,
 * or what the configuration says. Another page's own name may have been made to lead here. */
bool urls_is_own_name(const struct service_config *config, const char *host_header);
void urls_clear(struct urls *urls);

#endif
