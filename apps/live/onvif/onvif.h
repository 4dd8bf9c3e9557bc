/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ONVIF_H
#define ONVIF_H

#include <stdbool.h>

#include "access/auth.h"
#include "access/guesses.h"
#include "base/page.h"
#include "config/config.h"
#include "stream/stats.h"
#include "urls.h"

/*
 * The services that a video management system asks for when a camera is added by its address, of
 * ONVIF's Profile S: the device service (Core Specification), and both media services. Nothing can
 * be set through them. Requests come as bytes of strangers, and answers go out as a page; no state
 * but used tokens, no I/O.
 */
struct onvif;

enum onvif_service { ONVIF_DEVICE, ONVIF_MEDIA, ONVIF_MEDIA2, ONVIF_N_SERVICES };

/* One stream of one camera; its token is NAME-main or NAME-sub. */
struct onvif_profile {
    const struct camera_config *camera;
    enum stream stream;
    int width, height; /* 0: not known yet */
    double rate;       /* per second; 0: not known yet */
    bool h265;
};

/* What an answer is made of; all borrowed. */
struct onvif_site {
    const struct service_config *config;
    const struct urls *urls;
    const struct onvif_profile *profiles;
    int n_profiles;
    const char *uuid;        /* of the service */
    const char *peer;        /* address of the client */
    struct guesses *guesses; /* NULL: none are counted */
    gint64 monotonic_us;     /* now, for them */
};

/* Passwords that were digested before `since_us`, of the wall clock, are refused. */
struct onvif *onvif_new(gint64 since_us);
void onvif_free(struct onvif *onvif);

/* The path of a service, "/onvif/..."; and which has this path, or ONVIF_N_SERVICES. */
const char *onvif_path(enum onvif_service service);
enum onvif_service onvif_find(const char *path);

/*
 * Answers a request that was posted to a service. `known`: HTTP has authenticated its sender. A
 * page of status 401 wants a challenge of HTTP. `now_us` is of the wall clock. True unless the
 * sender was refused.
 */
bool onvif_answer(struct onvif *onvif, struct page *page, enum onvif_service service,
                  const struct onvif_site *site, const char *body, gsize size, bool known,
                  gint64 now_us);

#endif
