/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif_parts.h"

#include <math.h>
#include <string.h>

enum {
    EPOCH_MS = 2000, /* where the configuration says nothing: bautaprotect's own */
    MAX_QUALITY = 51,
    NO_LIMIT_KBPS = 100000,
};

char *onvif_token(const struct onvif_profile *profile)
{
    return g_strconcat(profile->camera->name, profile->stream == STREAM_MAIN ? "-main" : "-sub",
                       NULL);
}

const struct onvif_profile *onvif_find_profile(const struct onvif_site *site, const char *token)
{
    for (int i = 0; token && i < site->n_profiles; i++) {
        char *own = onvif_token(&site->profiles[i]);
        const bool same = !strcmp(own, token);
        g_free(own);
        if (same)
            return &site->profiles[i];
    }
    return NULL;
}

const struct onvif_profile *onvif_find_source(const struct onvif_site *site, const char *token)
{
    for (int i = 0; token && i < site->n_profiles; i++)
        if (site->profiles[i].stream == STREAM_MAIN &&
            !strcmp(site->profiles[i].camera->name, token))
            return &site->profiles[i];
    return NULL;
}

int onvif_source_uses(const struct onvif_profile *profile)
{
    return profile->camera->has_sub ? 2 : 1;
}

const struct stream_config *onvif_stream_config(const struct onvif_profile *profile)
{
    return profile->stream == STREAM_MAIN ? &profile->camera->main : &profile->camera->sub;
}

int onvif_gov_length(const struct onvif_profile *profile)
{
    double epoch_ms = EPOCH_MS;
    for (int i = 0; i < profile->camera->n_protect; i++)
        if (!strcmp(profile->camera->protect[i].name, "epoch"))
            epoch_ms = g_ascii_strtod(profile->camera->protect[i].value, NULL);
    return MAX((int)lround(CLAMP(epoch_ms * profile->rate / 1000, 1, 10000)), 1);
}

int onvif_quality(const struct onvif_profile *profile)
{
    return MAX_QUALITY - CLAMP(onvif_stream_config(profile)->quality, 0, MAX_QUALITY);
}

int onvif_bitrate(const struct onvif_profile *profile)
{
    const int kbps = onvif_stream_config(profile)->bitrate_kbps;
    return kbps > 0 ? kbps : NO_LIMIT_KBPS;
}

char *onvif_stream_uri(const struct onvif_profile *profile, const char *base)
{
    return g_strdup_printf("%s/%s%s", base, profile->camera->name,
                           profile->stream == STREAM_MAIN ? "" : "/sub");
}

char *onvif_snapshot_uri(const struct onvif_profile *profile, const struct onvif_site *site)
{
    return g_strdup_printf("%s/%s/snapshot.jpg", site->urls->http, profile->camera->name);
}

void onvif_put_source(GString *out, const struct onvif_profile *profile)
{
    const char *name = profile->camera->name;
    soap_put(out,
             "<tt:Name>%s "
             "video</tt:Name><tt:UseCount>%d</tt:UseCount><tt:SourceToken>%s</tt:SourceToken>"
             "<tt:Bounds x=\"0\" y=\"0\" width=\"%d\" height=\"%d\"/>",
             name, onvif_source_uses(profile), name, profile->width, profile->height);
}
