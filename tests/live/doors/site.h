/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SITE_H
#define SITE_H

#include "onvif/onvif.h"

/* What ONVIF's services are asked about in tests: "front" with a sub stream and snapshots, and
 * "back-main" in H.265 with neither; the user "user" with "userpassword". */
struct site {
    struct onvif_site site;
    struct service_config config;
    struct user_config user;
    struct camera_config cameras[2];
    struct onvif_profile profiles[3];
    struct urls urls;
};

void site_init(struct site *site);

#endif
