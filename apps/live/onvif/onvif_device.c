/* SPDX-License-Identifier: Apache-2.0 */

/* The device service: https://www.onvif.org/ver10/device/wsdl/devicemgmt.wsdl */
#include "onvif_parts.h"

#include <bauta/version.h>

#include "identity.h"
#include "interfaces.h"

static void put_date_time(GString *out, const char *name, GDateTime *time)
{
    soap_put(out,
             "<tt:%s><tt:Time><tt:Hour>%d</tt:Hour><tt:Minute>%d</tt:Minute>"
             "<tt:Second>%d</tt:Second></tt:Time><tt:Date><tt:Year>%d</tt:Year>"
             "<tt:Month>%d</tt:Month><tt:Day>%d</tt:Day></tt:Date></tt:%s>",
             name, g_date_time_get_hour(time), g_date_time_get_minute(time),
             g_date_time_get_second(time), g_date_time_get_year(time), g_date_time_get_month(time),
             g_date_time_get_day_of_month(time), name);
}

static enum onvif_fault get_time(GString *out, const struct onvif_call *call)
{
    GDateTime *time = g_date_time_new_from_unix_utc(call->now_us / G_USEC_PER_SEC);
    g_string_append(out, "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime>"
                         "<tt:DateTimeType>NTP</tt:DateTimeType>"
                         "<tt:DaylightSavings>false</tt:DaylightSavings>"
                         "<tt:TimeZone><tt:TZ>UTC0</tt:TZ></tt:TimeZone>");
    put_date_time(out, "UTCDateTime", time);
    put_date_time(out, "LocalDateTime", time);
    g_string_append(out, "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>");
    g_date_time_unref(time);
    return ONVIF_FINE;
}

static enum onvif_fault get_information(GString *out, const struct onvif_call *call)
{
    soap_put(out,
             "<tds:GetDeviceInformationResponse><tds:Manufacturer>Bauta</tds:Manufacturer>"
             "<tds:Model>bauta-live</tds:Model><tds:FirmwareVersion>%s</tds:FirmwareVersion>"
             "<tds:SerialNumber>%s</tds:SerialNumber><tds:HardwareId>bauta-live</tds:HardwareId>"
             "</tds:GetDeviceInformationResponse>",
             bauta_version(), call->site->uuid);
    return ONVIF_FINE;
}

void onvif_put_device_capabilities(GString *out)
{
    g_string_append(
        out, "<tds:Capabilities>"
             "<tds:Network IPFilter=\"false\" ZeroConfiguration=\"false\" IPVersion6=\"false\""
             " DynDNS=\"false\" NTP=\"0\"/>"
             "<tds:Security TLS1.2=\"true\" UsernameToken=\"true\" HttpDigest=\"true\""
             " OnboardKeyGeneration=\"false\" AccessPolicyConfig=\"false\" RELToken=\"false\"/>"
             "<tds:System DiscoveryResolve=\"true\" DiscoveryBye=\"true\" RemoteDiscovery=\"false\""
             " SystemBackup=\"false\" SystemLogging=\"false\" FirmwareUpgrade=\"false\"/>"
             "</tds:Capabilities>");
}

static enum onvif_fault get_service_capabilities(GString *out, const struct onvif_call *call)
{
    (void)call;
    g_string_append(out, "<tds:GetServiceCapabilitiesResponse>");
    onvif_put_device_capabilities(out);
    g_string_append(out, "</tds:GetServiceCapabilitiesResponse>");
    return ONVIF_FINE;
}

static void put_service(GString *out, const struct onvif_call *call, enum onvif_service service,
                        bool with_capabilities)
{
    soap_put(out, "<tds:Service><tds:Namespace>%s</tds:Namespace><tds:XAddr>%s%s</tds:XAddr>",
             onvif_namespace(service), call->site->urls->http, onvif_path(service));
    if (with_capabilities) {
        g_string_append(out, "<tds:Capabilities>");
        if (service == ONVIF_DEVICE)
            onvif_put_device_capabilities(out);
        else if (service == ONVIF_MEDIA)
            onvif_put_media_capabilities(out, call->site->n_profiles);
        else
            onvif_put_media2_capabilities(out, call->site->n_profiles);
        g_string_append(out, "</tds:Capabilities>");
    }
    g_string_append(out, "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version>"
                         "</tds:Service>");
}

static enum onvif_fault get_services(GString *out, const struct onvif_call *call)
{
    const bool with_capabilities = soap_has(call->soap, "IncludeCapability", "true") ||
                                   soap_has(call->soap, "IncludeCapability", "1");
    g_string_append(out, "<tds:GetServicesResponse>");
    for (int i = 0; i < ONVIF_N_SERVICES; i++)
        put_service(out, call, (enum onvif_service)i, with_capabilities);
    g_string_append(out, "</tds:GetServicesResponse>");
    return ONVIF_FINE;
}

static void put_old_device(GString *out, const struct onvif_call *call)
{
    soap_put(
        out,
        "<tt:Device><tt:XAddr>%s%s</tt:XAddr><tt:Network><tt:IPFilter>false</tt:IPFilter>"
        "<tt:ZeroConfiguration>false</tt:ZeroConfiguration><tt:IPVersion6>false</tt:IPVersion6>"
        "<tt:DynDNS>false</tt:DynDNS></tt:Network><tt:System>"
        "<tt:DiscoveryResolve>true</tt:DiscoveryResolve><tt:DiscoveryBye>true</tt:DiscoveryBye>"
        "<tt:RemoteDiscovery>false</tt:RemoteDiscovery><tt:SystemBackup>false</tt:SystemBackup>"
        "<tt:SystemLogging>false</tt:SystemLogging>"
        "<tt:FirmwareUpgrade>false</tt:FirmwareUpgrade><tt:SupportedVersions>"
        "<tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tt:SupportedVersions></tt:System>"
        "<tt:IO><tt:InputConnectors>0</tt:InputConnectors><tt:RelayOutputs>0</tt:RelayOutputs>"
        "</tt:IO><tt:Security><tt:TLS1.1>false</tt:TLS1.1><tt:TLS1.2>true</tt:TLS1.2>"
        "<tt:OnboardKeyGeneration>false</tt:OnboardKeyGeneration>"
        "<tt:AccessPolicyConfig>false</tt:AccessPolicyConfig>"
        "<tt:X.509Token>false</tt:X.509Token><tt:SAMLToken>false</tt:SAMLToken>"
        "<tt:KerberosToken>false</tt:KerberosToken><tt:RELToken>false</tt:RELToken>"
        "</tt:Security></tt:Device>",
        call->site->urls->http, onvif_path(ONVIF_DEVICE));
}

static void put_old_media(GString *out, const struct onvif_call *call)
{
    soap_put(out,
             "<tt:Media><tt:XAddr>%s%s</tt:XAddr><tt:StreamingCapabilities>"
             "<tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP>"
             "<tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities><tt:Extension>"
             "<tt:ProfileCapabilities>"
             "<tt:MaximumNumberOfProfiles>%d</tt:MaximumNumberOfProfiles>"
             "</tt:ProfileCapabilities></tt:Extension></tt:Media>",
             call->site->urls->http, onvif_path(ONVIF_MEDIA), call->site->n_profiles);
}

/* What clients asked for before there was GetServices. */
static enum onvif_fault get_capabilities(GString *out, const struct onvif_call *call)
{
    const struct soap *soap = call->soap;
    const bool all = soap_has(soap, "Category", "All") || !soap_text(soap, "Category");
    const bool device = all || soap_has(soap, "Category", "Device");
    const bool media = all || soap_has(soap, "Category", "Media");
    if (!device && !media)
        return ONVIF_NO_SUCH_SERVICE;
    g_string_append(out, "<tds:GetCapabilitiesResponse><tds:Capabilities>");
    if (device)
        put_old_device(out, call);
    if (media)
        put_old_media(out, call);
    g_string_append(out, "</tds:Capabilities></tds:GetCapabilitiesResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_scopes(GString *out, const struct onvif_call *call)
{
    char **scopes = identity_scopes(call->site->config);
    g_string_append(out, "<tds:GetScopesResponse>");
    for (int i = 0; scopes[i]; i++)
        soap_put(out,
                 "<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>%s</tt:ScopeItem>"
                 "</tds:Scopes>",
                 scopes[i]);
    g_string_append(out, "</tds:GetScopesResponse>");
    g_strfreev(scopes);
    return ONVIF_FINE;
}

static enum onvif_fault get_hostname(GString *out, const struct onvif_call *call)
{
    (void)call;
    soap_put(out,
             "<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>"
             "<tt:Name>%s</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>",
             g_get_host_name());
    return ONVIF_FINE;
}

static enum onvif_fault get_dns(GString *out, const struct onvif_call *call)
{
    (void)call;
    g_string_append(out, "<tds:GetDNSResponse><tds:DNSInformation><tt:FromDHCP>false</tt:FromDHCP>"
                         "</tds:DNSInformation></tds:GetDNSResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_gateway(GString *out, const struct onvif_call *call)
{
    (void)call;
    g_string_append(out, "<tds:GetNetworkDefaultGatewayResponse><tds:NetworkGateway/>"
                         "</tds:GetNetworkDefaultGatewayResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_ntp(GString *out, const struct onvif_call *call)
{
    (void)call;
    g_string_append(out, "<tds:GetNTPResponse><tds:NTPInformation><tt:FromDHCP>false</tt:FromDHCP>"
                         "</tds:NTPInformation></tds:GetNTPResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_discovery_mode(GString *out, const struct onvif_call *call)
{
    (void)call;
    g_string_append(out, "<tds:GetDiscoveryModeResponse><tds:DiscoveryMode>Discoverable"
                         "</tds:DiscoveryMode></tds:GetDiscoveryModeResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_endpoint(GString *out, const struct onvif_call *call)
{
    soap_put(out,
             "<tds:GetEndpointReferenceResponse><tds:GUID>%s</tds:GUID>"
             "</tds:GetEndpointReferenceResponse>",
             call->site->uuid);
    return ONVIF_FINE;
}

static void put_protocol(GString *out, const char *name, int port)
{
    soap_put(out,
             "<tds:NetworkProtocols><tt:Name>%s</tt:Name><tt:Enabled>%s</tt:Enabled>"
             "<tt:Port>%d</tt:Port></tds:NetworkProtocols>",
             name, port ? "true" : "false", port);
}

static enum onvif_fault get_protocols(GString *out, const struct onvif_call *call)
{
    const struct service_config *config = call->site->config;
    g_string_append(out, "<tds:GetNetworkProtocolsResponse>");
    put_protocol(out, "HTTP", config->http.port);
    put_protocol(out, "HTTPS", config->https.port);
    put_protocol(out, "RTSP", config->rtsp.port);
    g_string_append(out, "</tds:GetNetworkProtocolsResponse>");
    return ONVIF_FINE;
}

static enum onvif_fault get_interfaces(GString *out, const struct onvif_call *call)
{
    (void)call;
    struct interface interfaces[INTERFACES_MAX];
    const int n = interfaces_list(interfaces);
    g_string_append(out, "<tds:GetNetworkInterfacesResponse>");
    for (int i = 0; i < n; i++)
        if (!interfaces[i].loopback)
            soap_put(out,
                     "<tds:NetworkInterfaces token=\"%s\"><tt:Enabled>true</tt:Enabled><tt:Info>"
                     "<tt:Name>%s</tt:Name><tt:HwAddress>%s</tt:HwAddress></tt:Info><tt:IPv4>"
                     "<tt:Enabled>true</tt:Enabled><tt:Config><tt:Manual><tt:Address>%s"
                     "</tt:Address><tt:PrefixLength>%d</tt:PrefixLength></tt:Manual>"
                     "<tt:DHCP>false</tt:DHCP></tt:Config></tt:IPv4></tds:NetworkInterfaces>",
                     interfaces[i].name, interfaces[i].name, interfaces[i].hardware,
                     interfaces[i].address, interfaces[i].prefix);
    g_string_append(out, "</tds:GetNetworkInterfacesResponse>");
    return ONVIF_FINE;
}

const struct onvif_row onvif_device_rows[] = {
    {"GetSystemDateAndTime", get_time, true},
    {"GetCapabilities", get_capabilities, true},
    {"GetServices", get_services, true},
    {"GetServiceCapabilities", get_service_capabilities, true},
    {"GetHostname", get_hostname, true},
    {"GetEndpointReference", get_endpoint, true},
    {"GetDeviceInformation", get_information, false},
    {"GetScopes", get_scopes, false},
    {"GetNetworkInterfaces", get_interfaces, false},
    {"GetNetworkProtocols", get_protocols, false},
    {"GetNetworkDefaultGateway", get_gateway, false},
    {"GetDNS", get_dns, false},
    {"GetNTP", get_ntp, false},
    {"GetDiscoveryMode", get_discovery_mode, false},
    {NULL, NULL, false},
};
