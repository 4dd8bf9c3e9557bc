/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/secrets.h>
#include <gio/gio.h>
#include <string.h>

#include "base/tls_pair.h"
#include "config_parts.h"

static void read_address(struct address_config *address, struct reader *reader, const char *key,
                         const char *fallback)
{
    char *text = reader_text(reader, key, fallback);
    *address = (struct address_config){.host = g_strdup(""), .port = 0};
    GSocketConnectable *parsed = NULL;
    if (*text) {
        parsed = g_network_address_parse(text, 0, NULL);
        GNetworkAddress *network = parsed ? G_NETWORK_ADDRESS(parsed) : NULL;
        if (network && g_network_address_get_port(network)) {
            g_free(address->host);
            address->host = g_strdup(g_network_address_get_hostname(network));
            address->port = g_network_address_get_port(network);
        } else {
            reader_problem(reader, key, "wants HOST:PORT, as 0.0.0.0:8554 or [::]:8554, not '%s'",
                           text);
        }
    }
    g_clear_object(&parsed);
    g_free(text);
}

/* What can stand in a URL as its host, once IPv6 has its brackets. */
static bool is_host(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    return strspn(text, letters) == strlen(text) ||
           (g_hostname_is_ip_address(text) && !strchr(text, '%'));
}

/* Whether nobody but this machine reaches it. */
static bool is_local(const struct address_config *address)
{
    if (!address->port || strcmp(address->host, "localhost") == 0)
        return true;
    GInetAddress *parsed = g_inet_address_new_from_string(address->host);
    bool local = parsed && g_inet_address_get_is_loopback(parsed);
    g_clear_object(&parsed);
    return local;
}

static void read_certificate(struct service_config *config, struct reader *reader)
{
    config->certificate = reader_file(reader, "certificate");
    config->private_key = reader_file(reader, "private-key");
    if (*config->private_key)
        reader_is_private(reader, "private-key", config->private_key);
    bool has = *config->certificate && *config->private_key;
    if (!has && (config->rtsps.port || config->https.port))
        reader_problem(reader, NULL, "rtsps and https need certificate and private-key");
    if (!has)
        return;
    GError *error = NULL;
    GTlsCertificate *certificate = tls_pair_read(config->certificate, config->private_key, &error);
    if (!certificate)
        reader_problem(reader, "certificate", "%s with %s: %s", config->certificate,
                       config->private_key, error->message);
    g_clear_error(&error);
    g_clear_object(&certificate);
}

void config_read_users(struct service_config *config, struct reader *reader, const char *path)
{
    GKeyFile *keys = g_key_file_new();
    GError *error = NULL;
    if (!g_key_file_load_from_file(keys, path, G_KEY_FILE_NONE, &error)) {
        reader_problem(reader, "users", "%s: %s", path, error->message);
        g_error_free(error);
    }
    struct reader users;
    reader_init(&users, keys, path, reader->problems);
    char **names = g_key_file_get_groups(keys, NULL);
    for (char **name = names; *name; name++) {
        reader_begin(&users, *name);
        struct user_config user = {.name = g_strdup(*name),
                                   .password = reader_text(&users, "password", "")};
        if (!*user.password)
            reader_problem(&users, "password", "is missing");
        if (strpbrk(user.name, ":\""))
            reader_problem(&users, NULL, "a user's name has no colon and no quotation mark");
        config->users = g_renew(struct user_config, config->users, config->n_users + 1);
        config->users[config->n_users++] = user;
        reader_end(&users);
    }
    if (config->n_users == 0 && !error)
        reader_problem(reader, "users", "%s names no user", path);
    g_strfreev(names);
    reader_clear(&users);
    g_key_file_free(keys);
}

/* Who may come in: those of the users' file, or anybody where that was said or nobody can. */
static void read_access(struct service_config *config, struct reader *reader)
{
    char *path = reader_file(reader, "users");
    bool anonymous = reader_flag(reader, "anonymous", false);
    bool local = is_local(&config->rtsp) && is_local(&config->rtsps) && is_local(&config->http) &&
                 is_local(&config->https);
    if (*path && anonymous)
        reader_problem(reader, "anonymous", "users are named, so it cannot be yes");
    else if (*path && reader_is_private(reader, "users", path))
        config_read_users(config, reader, path);
    else if (!*path && !anonymous && !local)
        reader_problem(reader, "users",
                       "is missing: other machines reach this service; name a file of users or "
                       "say anonymous = yes");
    config->anonymous = !*path;
    g_free(path);
}

void config_read_service(struct service_config *config, struct reader *reader)
{
    read_address(&config->rtsp, reader, "rtsp", "127.0.0.1:8554");
    read_address(&config->rtsps, reader, "rtsps", "");
    read_address(&config->http, reader, "http", "127.0.0.1:8080");
    read_address(&config->https, reader, "https", "");
    read_certificate(config, reader);
    read_access(config, reader);
    config->realm = reader_text(reader, "realm", "bauta");
    if (strpbrk(config->realm, "\"\\"))
        reader_problem(reader, "realm", "has no quotation mark and no backslash");
    char *log = reader_choice(reader, "log", "text", "text|json");
    config->log_json = strcmp(log, "json") == 0;
    g_free(log);
    config->onvif = reader_flag(reader, "onvif", true);
    config->name = reader_text(reader, "name", "Bauta");
    config->address = reader_text(reader, "address", "");
    if (!is_host(config->address))
        reader_problem(reader, "address",
                       "wants a host name or an address, without port, brackets or zone, not '%s'",
                       config->address);
}

void config_free_service(struct service_config *config)
{
    g_free(config->rtsp.host);
    g_free(config->rtsps.host);
    g_free(config->http.host);
    g_free(config->https.host);
    g_free(config->certificate);
    g_free(config->private_key);
    for (int i = 0; i < config->n_users; i++) {
        g_free(config->users[i].name);
        bauta_wipe_text(config->users[i].password);
        g_free(config->users[i].password);
    }
    g_free(config->users);
    g_free(config->realm);
    g_free(config->name);
    g_free(config->address);
}
