/* SPDX-License-Identifier: Apache-2.0 */
#include "site.h"

/* Texts that configurations hold are not constant. */
static char user_name[] = "user", password[] = "userpassword", realm[] = "bauta", none[] = "";
static char front[] = "front", back[] = "back-main", service_name[] = "Doors & <gates>";
static char epoch[] = "epoch", epoch_ms[] = "1000";
static char http[] = "http://camera.example:8080", rtsp[] = "rtsp://camera.example:8554";
static char rtsps[] = "rtsps://camera.example:8322", path[] = "/etc/bauta/live.ini", any[] = "::";

void site_init(struct site *site)
{
    *site = (struct site){.user = {user_name, password}};
    site->config = (struct service_config){
        .path = path,
        .rtsp = {any, 8554},
        .rtsps = {any, 8322},
        .http = {any, 8080},
        .https = {any, 0},
        .users = &site->user,
        .n_users = 1,
        .realm = realm,
        .onvif = true,
        .name = service_name,
        .address = none,
    };
    site->cameras[0] = (struct camera_config){.name = front, .has_sub = true, .has_snapshot = true};
    site->cameras[0].main.quality = 23;
    site->cameras[0].sub.bitrate_kbps = 300;
    site->cameras[0].n_protect = 1;
    site->cameras[0].protect[0].name = epoch;
    site->cameras[0].protect[0].value = epoch_ms;
    site->cameras[1] = (struct camera_config){.name = back};
    site->profiles[0] =
        (struct onvif_profile){&site->cameras[0], STREAM_MAIN, 1920, 1080, 29.97, false};
    site->profiles[1] = (struct onvif_profile){&site->cameras[0], STREAM_SUB, 640, 360, 10, false};
    site->profiles[2] = (struct onvif_profile){&site->cameras[1], STREAM_MAIN, 0, 0, 0, true};
    site->urls = (struct urls){http, rtsp, rtsps};
    site->site = (struct onvif_site){.config = &site->config,
                                     .urls = &site->urls,
                                     .profiles = site->profiles,
                                     .n_profiles = 3,
                                     .uuid = "00000000-0000-8000-8000-000000000001",
                                     .peer = "10.0.0.2"};
}
