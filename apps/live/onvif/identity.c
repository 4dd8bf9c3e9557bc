/* SPDX-License-Identifier: Apache-2.0 */
#include "identity.h"

char *identity_uuid(const struct service_config *config)
{
    char *machine = NULL;
    guchar sum[32];
    gsize size = sizeof(sum);
    if (!g_file_get_contents("/etc/machine-id", &machine, NULL, NULL))
        machine = g_strdup(g_get_host_name());
    GChecksum *sha256 = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sha256, (const guchar *)"bauta-live ", -1);
    g_checksum_update(sha256, (const guchar *)machine, -1);
    g_checksum_update(sha256, (const guchar *)config->path, -1);
    g_checksum_get_digest(sha256, sum, &size);
    g_checksum_free(sha256);
    g_free(machine);
    sum[6] = (guchar)(0x80 | (sum[6] & 0x0f)); /* RFC 9562: version 8, of one's own making */
    sum[8] = (guchar)(0x80 | (sum[8] & 0x3f));
    GString *uuid = g_string_new(NULL);
    for (int i = 0; i < 16; i++)
        g_string_append_printf(uuid, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
                               sum[i]);
    return g_string_free(uuid, FALSE);
}

char **identity_scopes(const struct service_config *config)
{
    static const char root[] = "onvif://www.onvif.org/";
    char *name = g_uri_escape_string(config->name, NULL, FALSE);
    char **scopes = g_new0(char *, 6);
    scopes[0] = g_strconcat(root, "Profile/Streaming", NULL);
    scopes[1] = g_strconcat(root, "type/video_encoder", NULL);
    scopes[2] = g_strconcat(root, "type/Network_Video_Transmitter", NULL);
    scopes[3] = g_strconcat(root, "hardware/bauta-live", NULL);
    scopes[4] = g_strconcat(root, "name/", name, NULL);
    g_free(name);
    return scopes;
}
