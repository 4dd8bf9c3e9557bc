/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The media service, of Profile S: https://www.onvif.org/ver10/media/wsdl/media.wsdl. It has no
 * word for H.265; profiles of such streams have no encoder here, and one in the other media
 * service.
 */
#include "onvif_parts.h"

#include <math.h>
#include <string.h>

static void put_encoder(GString *out, const char *element, const struct onvif_profile *profile)
{
    char *token = onvif_token(profile);
    soap_put(out,
             "<%s token=\"%s\"><tt:Name>%s</tt:Name><tt:UseCount>1</tt:UseCount>"
             "<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>%d</tt:Width>"
             "<tt:Height>%d</tt:Height></tt:Resolution><tt:Quality>%d</tt:Quality>"
             "<tt:RateControl><tt:FrameRateLimit>%d</tt:FrameRateLimit>"
             "<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>%d</tt:BitrateLimit>"
             "</tt:RateControl><tt:H264><tt:GovLength>%d</tt:GovLength>"
             "<tt:H264Profile>High</tt:H264Profile></tt:H264><tt:Multicast><tt:Address>"
             "<tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>"
             "<tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart>"
             "</tt:Multicast><tt:SessionTimeout>PT60S</tt:SessionTimeout></%s>",
             element, token, token, profile->width, profile->height, onvif_quality(profile),
             (int)lround(profile->rate), onvif_bitrate(profile), onvif_gov_length(profile),
             element);
    g_free(token);
}

static void put_source(GString *out, const char *element, const struct onvif_profile *profile)
{
    soap_put(out, "<%s token=\"%s\">", element, profile->camera->name);
    onvif_put_source(out, profile);
    soap_put(out, "</%s>", element);
}

static void put_profile(GString *out, const char *element, const struct onvif_site *site,
                        const struct onvif_profile *profile)
{
    char *token = onvif_token(profile);
    soap_put(out, "<%s token=\"%s\" fixed=\"true\"><tt:Name>%s</tt:Name>", element, token, token);
    put_source(out, "tt:VideoSourceConfiguration", onvif_find_source(site, profile->camera->name));
    if (!profile->h265)
        put_encoder(out, "tt:VideoEncoderConfiguration", profile);
    soap_put(out, "</%s>", element);
    g_free(token);
}

static enum onvif_fault get_profiles(GString *out, const struct onvif_call *call)
{
    g_string_append(out, "<trt:GetProfilesResponse>");
    for (int i = 0; i < call->site->n_profiles; i++)
        put_profile(out, "trt:Profiles", call->site, &call->site->profiles[i]);
    g_string_append(out, "</trt:GetProfilesResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_profile(GString *out, const struct onvif_call *call)
{
    const struct onvif_profile *profile =
        onvif_find_profile(call->site, soap_text(call->soap, "ProfileToken"));
    if (!profile)
        return ONVIF_NO_PROFILE;
    g_string_append(out, "<trt:GetProfileResponse>");
    put_profile(out, "trt:Profile", call->site, profile);
    g_string_append(out, "</trt:GetProfileResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_sources(GString *out, const struct onvif_call *call)
{
    g_string_append(out, "<trt:GetVideoSourcesResponse>");
    for (int i = 0; i < call->site->n_profiles; i++) {
        const struct onvif_profile *profile = &call->site->profiles[i];
        if (profile->stream != STREAM_MAIN)
            continue;
        char rate[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(rate, sizeof(rate), "%.6g", profile->rate);
        soap_put(out,
                 "<trt:VideoSources token=\"%s\"><tt:Framerate>%s</tt:Framerate><tt:Resolution>"
                 "<tt:Width>%d</tt:Width><tt:Height>%d</tt:Height></tt:Resolution>"
                 "</trt:VideoSources>",
                 profile->camera->name, rate, profile->width, profile->height);
    }
    g_string_append(out, "</trt:GetVideoSourcesResponse>");
    return ONVIF_FINE;
}

static void put_all_sources(GString *out, const struct onvif_site *site, const char *camera)
{
    for (int i = 0; i < site->n_profiles; i++)
        if (site->profiles[i].stream == STREAM_MAIN &&
            (!camera || !strcmp(camera, site->profiles[i].camera->name)))
            put_source(out, "trt:Configurations", &site->profiles[i]);
}

static enum onvif_fault get_source_configurations(GString *out, const struct onvif_call *call)
{
    g_string_append(out, "<trt:GetVideoSourceConfigurationsResponse>");
    put_all_sources(out, call->site, NULL);
    g_string_append(out, "</trt:GetVideoSourceConfigurationsResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_compatible_sources(GString *out, const struct onvif_call *call)
{
    const struct onvif_profile *profile =
        onvif_find_profile(call->site, soap_text(call->soap, "ProfileToken"));
    if (!profile)
        return ONVIF_NO_PROFILE;
    g_string_append(out, "<trt:GetCompatibleVideoSourceConfigurationsResponse>");
    put_all_sources(out, call->site, profile->camera->name);
    g_string_append(out, "</trt:GetCompatibleVideoSourceConfigurationsResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_source_configuration(GString *out, const struct onvif_call *call)
{
    const struct onvif_profile *profile =
        onvif_find_source(call->site, soap_text(call->soap, "ConfigurationToken"));
    if (!profile)
        return ONVIF_NO_CONFIG;
    g_string_append(out, "<trt:GetVideoSourceConfigurationResponse>");
    put_source(out, "trt:Configuration", profile);
    g_string_append(out, "</trt:GetVideoSourceConfigurationResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_encoder_configurations(GString *out, const struct onvif_call *call)
{
    g_string_append(out, "<trt:GetVideoEncoderConfigurationsResponse>");
    for (int i = 0; i < call->site->n_profiles; i++)
        if (!call->site->profiles[i].h265)
            put_encoder(out, "trt:Configurations", &call->site->profiles[i]);
    g_string_append(out, "</trt:GetVideoEncoderConfigurationsResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_compatible_encoders(GString *out, const struct onvif_call *call)
{
    const struct onvif_profile *profile =
        onvif_find_profile(call->site, soap_text(call->soap, "ProfileToken"));
    if (!profile)
        return ONVIF_NO_PROFILE;
    g_string_append(out, "<trt:GetCompatibleVideoEncoderConfigurationsResponse>");
    if (!profile->h265)
        put_encoder(out, "trt:Configurations", profile);
    g_string_append(out, "</trt:GetCompatibleVideoEncoderConfigurationsResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_encoder_configuration(GString *out, const struct onvif_call *call)
{
    const struct onvif_profile *profile =
        onvif_find_profile(call->site, soap_text(call->soap, "ConfigurationToken"));
    if (!profile || profile->h265)
        return ONVIF_NO_CONFIG;
    g_string_append(out, "<trt:GetVideoEncoderConfigurationResponse>");
    put_encoder(out, "trt:Configuration", profile);
    g_string_append(out, "</trt:GetVideoEncoderConfigurationResponse>");
    return ONVIF_FINE;
}

/* The only choice is what is set: of one profile, or of all if `profile` is NULL. */
static void put_h264_options(GString *out, const struct onvif_site *site,
                             const struct onvif_profile *profile)
{
    GString *resolutions = g_string_new(NULL);
    int rate = 1, gov = 1;
    for (int i = 0; i < site->n_profiles; i++) {
        const struct onvif_profile *one = &site->profiles[i];
        if (one->h265 || (profile && profile != one))
            continue;
        soap_put(resolutions,
                 "<tt:ResolutionsAvailable><tt:Width>%d</tt:Width><tt:Height>%d</tt:Height>"
                 "</tt:ResolutionsAvailable>",
                 one->width, one->height);
        rate = MAX(rate, (int)lround(one->rate));
        gov = MAX(gov, onvif_gov_length(one));
    }
    if (resolutions->len) {
        g_string_append_printf(out, "<tt:H264>%s", resolutions->str);
        soap_put(out,
                 "<tt:GovLengthRange><tt:Min>1</tt:Min><tt:Max>%d</tt:Max></tt:GovLengthRange>"
                 "<tt:FrameRateRange><tt:Min>1</tt:Min><tt:Max>%d</tt:Max></tt:FrameRateRange>"
                 "<tt:EncodingIntervalRange><tt:Min>1</tt:Min><tt:Max>1</tt:Max>"
                 "</tt:EncodingIntervalRange>"
                 "<tt:H264ProfilesSupported>High</tt:H264ProfilesSupported></tt:H264>",
                 gov, rate);
    }
    g_string_free(resolutions, TRUE);
}

static enum onvif_fault get_encoder_options(GString *out, const struct onvif_call *call)
{
    const char *configuration = soap_text(call->soap, "ConfigurationToken");
    const char *token = configuration ? configuration : soap_text(call->soap, "ProfileToken");
    const struct onvif_profile *profile = onvif_find_profile(call->site, token);
    if (token && !profile)
        return configuration ? ONVIF_NO_CONFIG : ONVIF_NO_PROFILE;
    if (configuration && profile->h265)
        return ONVIF_NO_CONFIG;
    g_string_append(out,
                    "<trt:GetVideoEncoderConfigurationOptionsResponse><trt:Options>"
                    "<tt:QualityRange><tt:Min>0</tt:Min><tt:Max>51</tt:Max></tt:QualityRange>");
    put_h264_options(out, call->site, profile);
    g_string_append(out, "</trt:Options></trt:GetVideoEncoderConfigurationOptionsResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_source_options(GString *out, const struct onvif_call *call)
{
    const char *configuration = soap_text(call->soap, "ConfigurationToken");
    const char *token = soap_text(call->soap, "ProfileToken");
    const struct onvif_profile *profile = configuration
                                              ? onvif_find_source(call->site, configuration)
                                              : onvif_find_profile(call->site, token);
    if (!profile && call->site->n_profiles && !configuration && !token)
        profile = &call->site->profiles[0];
    if (!profile)
        return configuration ? ONVIF_NO_CONFIG : ONVIF_NO_PROFILE;
    soap_put(out,
             "<trt:GetVideoSourceConfigurationOptionsResponse><trt:Options><tt:BoundsRange>"
             "<tt:XRange><tt:Min>0</tt:Min><tt:Max>0</tt:Max></tt:XRange>"
             "<tt:YRange><tt:Min>0</tt:Min><tt:Max>0</tt:Max></tt:YRange>"
             "<tt:WidthRange><tt:Min>%d</tt:Min><tt:Max>%d</tt:Max></tt:WidthRange>"
             "<tt:HeightRange><tt:Min>%d</tt:Min><tt:Max>%d</tt:Max></tt:HeightRange>"
             "</tt:BoundsRange><tt:VideoSourceTokensAvailable>%s</tt:VideoSourceTokensAvailable>"
             "</trt:Options></trt:GetVideoSourceConfigurationOptionsResponse>",
             profile->width, profile->width, profile->height, profile->height,
             profile->camera->name);
    return ONVIF_FINE;
}

static enum onvif_fault get_instances(GString *out, const struct onvif_call *call)
{
    const struct onvif_profile *profile =
        onvif_find_source(call->site, soap_text(call->soap, "ConfigurationToken"));
    if (!profile)
        return ONVIF_NO_CONFIG;
    const int n = onvif_source_uses(profile);
    soap_put(out,
             "<trt:GetGuaranteedNumberOfVideoEncoderInstancesResponse><trt:TotalNumber>%d"
             "</trt:TotalNumber><trt:H264>%d</trt:H264>"
             "</trt:GetGuaranteedNumberOfVideoEncoderInstancesResponse>",
             n, n);
    return ONVIF_FINE;
}

static void put_uri(GString *out, const char *response, const char *uri)
{
    soap_put(out,
             "<trt:%s><trt:MediaUri><tt:Uri>%s</tt:Uri>"
             "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
             "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout>"
             "</trt:MediaUri></trt:%s>",
             response, uri, response);
}

/* RTP over UDP and within RTSP, both by the same URL; the client chooses when it sets up. */
static enum onvif_fault get_stream_uri(GString *out, const struct onvif_call *call)
{
    const struct urls *urls = call->site->urls;
    const char *base = urls->rtsp ? urls->rtsp : urls->rtsps;
    const struct onvif_profile *profile =
        onvif_find_profile(call->site, soap_text(call->soap, "ProfileToken"));
    if (!profile)
        return ONVIF_NO_PROFILE;
    if (!base || soap_has(call->soap, "Stream", "RTP-Multicast") ||
        soap_has(call->soap, "Protocol", "HTTP"))
        return ONVIF_BAD_SETUP;
    char *uri = onvif_stream_uri(profile, base);
    put_uri(out, "GetStreamUriResponse", uri);
    g_free(uri);
    return ONVIF_FINE;
}

static enum onvif_fault get_snapshot_uri(GString *out, const struct onvif_call *call)
{
    const struct onvif_profile *profile =
        onvif_find_profile(call->site, soap_text(call->soap, "ProfileToken"));
    if (!profile)
        return ONVIF_NO_PROFILE;
    if (!profile->camera->has_snapshot)
        return ONVIF_NO_SNAPSHOT;
    char *uri = onvif_snapshot_uri(profile, call->site);
    put_uri(out, "GetSnapshotUriResponse", uri);
    g_free(uri);
    return ONVIF_FINE;
}

void onvif_put_media_capabilities(GString *out, int n_profiles)
{
    soap_put(out,
             "<trt:Capabilities SnapshotUri=\"true\" Rotation=\"false\" VideoSourceMode=\"false\""
             " OSD=\"false\"><trt:ProfileCapabilities MaximumNumberOfProfiles=\"%d\"/>"
             "<trt:StreamingCapabilities RTPMulticast=\"false\" RTP_TCP=\"true\""
             " RTP_RTSP_TCP=\"true\" NonAggregateControl=\"false\"/></trt:Capabilities>",
             n_profiles);
}

static enum onvif_fault get_service_capabilities(GString *out, const struct onvif_call *call)
{
    g_string_append(out, "<trt:GetServiceCapabilitiesResponse>");
    onvif_put_media_capabilities(out, call->site->n_profiles);
    g_string_append(out, "</trt:GetServiceCapabilitiesResponse>");
    return ONVIF_FINE;
}

const struct onvif_row onvif_media_rows[] = {
    {"GetServiceCapabilities", get_service_capabilities, true},
    {"GetProfiles", get_profiles, false},
    {"GetProfile", get_profile, false},
    {"GetVideoSources", get_sources, false},
    {"GetVideoSourceConfigurations", get_source_configurations, false},
    {"GetVideoSourceConfiguration", get_source_configuration, false},
    {"GetVideoSourceConfigurationOptions", get_source_options, false},
    {"GetCompatibleVideoSourceConfigurations", get_compatible_sources, false},
    {"GetVideoEncoderConfigurations", get_encoder_configurations, false},
    {"GetVideoEncoderConfiguration", get_encoder_configuration, false},
    {"GetVideoEncoderConfigurationOptions", get_encoder_options, false},
    {"GetCompatibleVideoEncoderConfigurations", get_compatible_encoders, false},
    {"GetGuaranteedNumberOfVideoEncoderInstances", get_instances, false},
    {"GetStreamUri", get_stream_uri, false},
    {"GetSnapshotUri", get_snapshot_uri, false},
    {NULL, NULL, false},
};
