/* SPDX-License-Identifier: Apache-2.0 */

/* The second media service, of Profile T: https://www.onvif.org/ver20/media/wsdl/media.wsdl.
 * Clients need it for H.265. */
#include "onvif_parts.h"

#include <string.h>

static const char *profile_name(const struct onvif_profile *profile)
{
    return profile->h265 ? "Main" : "High";
}

static void format_rate(char text[G_ASCII_DTOSTR_BUF_SIZE], const struct onvif_profile *profile)
{
    g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.6g", profile->rate);
}

static void put_encoder(GString *out, const char *element, const struct onvif_profile *profile)
{
    char *token = onvif_token(profile);
    char rate[G_ASCII_DTOSTR_BUF_SIZE];
    format_rate(rate, profile);
    soap_put(
        out,
        "<%s token=\"%s\" GovLength=\"%d\" Profile=\"%s\"><tt:Name>%s</tt:Name>"
        "<tt:UseCount>1</tt:UseCount><tt:Encoding>%s</tt:Encoding><tt:Resolution>"
        "<tt:Width>%d</tt:Width><tt:Height>%d</tt:Height></tt:Resolution>"
        "<tt:RateControl ConstantBitRate=\"false\"><tt:FrameRateLimit>%s</tt:FrameRateLimit>"
        "<tt:BitrateLimit>%d</tt:BitrateLimit></tt:RateControl><tt:Quality>%d</tt:Quality></%s>",
        element, token, onvif_gov_length(profile), profile_name(profile), token,
        profile->h265 ? "H265" : "H264", profile->width, profile->height, rate,
        onvif_bitrate(profile), onvif_quality(profile), element);
    g_free(token);
}

static void put_source(GString *out, const char *element, const struct onvif_profile *profile)
{
    soap_put(out, "<%s token=\"%s\">", element, profile->camera->name);
    onvif_put_source(out, profile);
    soap_put(out, "</%s>", element);
}

/* Configurations come only when they are asked for by their kind. */
static enum onvif_fault get_profiles(GString *out, const struct onvif_call *call)
{
    const bool all = soap_has(call->soap, "Type", "All");
    const bool source = all || soap_has(call->soap, "Type", "VideoSource");
    const bool encoder = all || soap_has(call->soap, "Type", "VideoEncoder");
    const char *wanted = soap_text(call->soap, "Token");
    if (wanted && !onvif_find_profile(call->site, wanted))
        return ONVIF_NO_PROFILE;
    g_string_append(out, "<tr2:GetProfilesResponse>");
    for (int i = 0; i < call->site->n_profiles; i++) {
        const struct onvif_profile *profile = &call->site->profiles[i];
        if (wanted && profile != onvif_find_profile(call->site, wanted))
            continue;
        char *token = onvif_token(profile);
        soap_put(out,
                 "<tr2:Profiles token=\"%s\" fixed=\"true\"><tr2:Name>%s</tr2:Name>"
                 "<tr2:Configurations>",
                 token, token);
        if (source)
            put_source(out, "tr2:VideoSource",
                       onvif_find_source(call->site, profile->camera->name));
        if (encoder)
            put_encoder(out, "tr2:VideoEncoder", profile);
        g_string_append(out, "</tr2:Configurations></tr2:Profiles>");
        g_free(token);
    }
    g_string_append(out, "</tr2:GetProfilesResponse>");
    return ONVIF_FINE;
}

/* Which configurations are meant: those of one profile, one configuration, or all. */
struct choice {
    const struct onvif_profile *profile, *configuration;
};

static enum onvif_fault choose(struct choice *choice, const struct onvif_call *call,
                               const struct onvif_profile *(*find)(const struct onvif_site *site,
                                                                   const char *token))
{
    const char *profile = soap_text(call->soap, "ProfileToken");
    const char *configuration = soap_text(call->soap, "ConfigurationToken");
    choice->profile = onvif_find_profile(call->site, profile);
    choice->configuration = find(call->site, configuration);
    if (profile && !choice->profile)
        return ONVIF_NO_PROFILE;
    return configuration && !choice->configuration ? ONVIF_NO_CONFIG : ONVIF_FINE;
}

static enum onvif_fault get_source_configurations(GString *out, const struct onvif_call *call)
{
    struct choice choice;
    const enum onvif_fault fault = choose(&choice, call, onvif_find_source);
    if (fault)
        return fault;
    g_string_append(out, "<tr2:GetVideoSourceConfigurationsResponse>");
    for (int i = 0; i < call->site->n_profiles; i++) {
        const struct onvif_profile *one = &call->site->profiles[i];
        if (one->stream == STREAM_MAIN &&
            (!choice.profile || choice.profile->camera == one->camera) &&
            (!choice.configuration || choice.configuration == one))
            put_source(out, "tr2:Configurations", one);
    }
    g_string_append(out, "</tr2:GetVideoSourceConfigurationsResponse>");
    return ONVIF_FINE;
}

static bool is_chosen(const struct choice *choice, const struct onvif_profile *one)
{
    return (!choice->profile || choice->profile == one) &&
           (!choice->configuration || choice->configuration == one);
}

static enum onvif_fault get_encoder_configurations(GString *out, const struct onvif_call *call)
{
    struct choice choice;
    const enum onvif_fault fault = choose(&choice, call, onvif_find_profile);
    if (fault)
        return fault;
    g_string_append(out, "<tr2:GetVideoEncoderConfigurationsResponse>");
    for (int i = 0; i < call->site->n_profiles; i++)
        if (is_chosen(&choice, &call->site->profiles[i]))
            put_encoder(out, "tr2:Configurations", &call->site->profiles[i]);
    g_string_append(out, "</tr2:GetVideoEncoderConfigurationsResponse>");
    return ONVIF_FINE;
}

/* The only choice is what is set. */
static void put_options(GString *out, const struct onvif_profile *profile)
{
    char rate[G_ASCII_DTOSTR_BUF_SIZE];
    format_rate(rate, profile);
    soap_put(out,
             "<tr2:Options GovLengthRange=\"1 %d\" FrameRatesSupported=\"%s\""
             " ProfilesSupported=\"%s\" ConstantBitRateSupported=\"false\">"
             "<tt:Encoding>%s</tt:Encoding><tt:QualityRange><tt:Min>0</tt:Min><tt:Max>51</tt:Max>"
             "</tt:QualityRange><tt:ResolutionsAvailable><tt:Width>%d</tt:Width>"
             "<tt:Height>%d</tt:Height></tt:ResolutionsAvailable><tt:BitrateRange>"
             "<tt:Min>1</tt:Min><tt:Max>%d</tt:Max></tt:BitrateRange></tr2:Options>",
             onvif_gov_length(profile), rate, profile_name(profile),
             profile->h265 ? "H265" : "H264", profile->width, profile->height,
             onvif_bitrate(profile));
}

static enum onvif_fault get_encoder_options(GString *out, const struct onvif_call *call)
{
    struct choice choice;
    const enum onvif_fault fault = choose(&choice, call, onvif_find_profile);
    if (fault)
        return fault;
    g_string_append(out, "<tr2:GetVideoEncoderConfigurationOptionsResponse>");
    for (int i = 0; i < call->site->n_profiles; i++)
        if (is_chosen(&choice, &call->site->profiles[i]))
            put_options(out, &call->site->profiles[i]);
    g_string_append(out, "</tr2:GetVideoEncoderConfigurationOptionsResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_instances(GString *out, const struct onvif_call *call)
{
    const struct onvif_profile *profile =
        onvif_find_source(call->site, soap_text(call->soap, "ConfigurationToken"));
    if (!profile)
        return ONVIF_NO_CONFIG;
    soap_put(out,
             "<tr2:GetVideoEncoderInstancesResponse><tr2:Info><tr2:Total>%d</tr2:Total></tr2:Info>"
             "</tr2:GetVideoEncoderInstancesResponse>",
             onvif_source_uses(profile));
    return ONVIF_FINE;
}

static enum onvif_fault get_stream_uri(GString *out, const struct onvif_call *call)
{
    const struct urls *urls = call->site->urls;
    const char *protocol = soap_text(call->soap, "Protocol");
    const struct onvif_profile *profile =
        onvif_find_profile(call->site, soap_text(call->soap, "ProfileToken"));
    if (!profile)
        return ONVIF_NO_PROFILE;
    const char *base = NULL;
    if (protocol && !strcmp(protocol, "RtspsUnicast"))
        base = urls->rtsps;
    else if (protocol && (!strcmp(protocol, "RTSP") || !strcmp(protocol, "RtspUnicast")))
        base = urls->rtsp ? urls->rtsp : urls->rtsps;
    if (!base)
        return ONVIF_BAD_SETUP;
    char *uri = onvif_stream_uri(profile, base);
    soap_put(out, "<tr2:GetStreamUriResponse><tr2:Uri>%s</tr2:Uri></tr2:GetStreamUriResponse>",
             uri);
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
    soap_put(out, "<tr2:GetSnapshotUriResponse><tr2:Uri>%s</tr2:Uri></tr2:GetSnapshotUriResponse>",
             uri);
    g_free(uri);
    return ONVIF_FINE;
}

void onvif_put_media2_capabilities(GString *out, int n_profiles)
{
    soap_put(
        out,
        "<tr2:Capabilities SnapshotUri=\"true\" Rotation=\"false\" VideoSourceMode=\"false\""
        " OSD=\"false\" Mask=\"false\" SourceMask=\"false\"><tr2:ProfileCapabilities"
        " MaximumNumberOfProfiles=\"%d\" ConfigurationsSupported=\"VideoSource VideoEncoder\"/>"
        "<tr2:StreamingCapabilities RTSPStreaming=\"true\" RTPMulticast=\"false\""
        " RTP_RTSP_TCP=\"true\" NonAggregateControl=\"false\"/></tr2:Capabilities>",
        n_profiles);
}

static enum onvif_fault get_service_capabilities(GString *out, const struct onvif_call *call)
{
    g_string_append(out, "<tr2:GetServiceCapabilitiesResponse>");
    onvif_put_media2_capabilities(out, call->site->n_profiles);
    g_string_append(out, "</tr2:GetServiceCapabilitiesResponse>");
    return ONVIF_FINE;
}

const struct onvif_row onvif_media2_rows[] = {
    {"GetServiceCapabilities", get_service_capabilities, true},
    {"GetProfiles", get_profiles, false},
    {"GetVideoSourceConfigurations", get_source_configurations, false},
    {"GetVideoEncoderConfigurations", get_encoder_configurations, false},
    {"GetVideoEncoderConfigurationOptions", get_encoder_options, false},
    {"GetVideoEncoderInstances", get_instances, false},
    {"GetStreamUri", get_stream_uri, false},
    {"GetSnapshotUri", get_snapshot_uri, false},
    {NULL, NULL, false},
};
