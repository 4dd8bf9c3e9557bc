/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/secrets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_parts.h"

enum { SHA256_DIGITS = 64 };

/* What the first part of a URL path cannot be. */
static const char *const taken_names[] = {"metrics", "health", "live", "ready", "onvif", NULL};

static bool is_name(const char *name)
{
    return *name && strlen(name) <= 64 &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
               strlen(name);
}

static const struct {
    const char *prefix;
    enum source_kind kind;
    bool whole; /* the prefix is part of the location */
} sources[] = {{"rtsp://", SOURCE_RTSP, true},
               {"rtsps://", SOURCE_RTSP, true},
               {"v4l2:", SOURCE_V4L2, false},
               {"file:", SOURCE_FILE, false},
               {"test:", SOURCE_TEST, false}};

static void read_location(struct source_config *source, struct reader *reader)
{
    char *text = reader_text(reader, "source", "");
    source->location = NULL;
    for (int i = 0; i < (int)G_N_ELEMENTS(sources) && !source->location; i++)
        if (g_str_has_prefix(text, sources[i].prefix)) {
            source->kind = sources[i].kind;
            source->location = g_strdup(text + (sources[i].whole ? 0 : strlen(sources[i].prefix)));
        }
    if (!source->location || !*source->location) {
        g_free(source->location);
        source->location = g_strdup("");
        reader_problem(reader, "source",
                       *text ? "wants rtsp://..., rtsps://..., v4l2:DEVICE, file:PATH or "
                               "test:PATTERN, not '%s'"
                             : "is missing%s",
                       text);
    }
    if (source->kind == SOURCE_FILE && *source->location) {
        char *path = g_canonicalize_filename(source->location, reader->folder);
        g_free(source->location);
        source->location = path;
    }
    g_free(text);
}

static void read_view(struct source_config *source, struct reader *reader)
{
    char *turn = reader_choice(reader, "turn", "0", "0|90|180|270|auto");
    source->turn = strcmp(turn, "auto") == 0 ? SOURCE_TURN_AUTO : atoi(turn);
    g_free(turn);
    int length = 0;
    char *aspect = reader_text(reader, "aspect", "");
    if (*aspect &&
        (sscanf(aspect, "%5d:%5d%n", &source->pixel_width, &source->pixel_height, &length) != 2 ||
         aspect[length] || source->pixel_width <= 0 || source->pixel_height <= 0)) {
        reader_problem(reader, "aspect", "wants W:H, the shape of a pixel, not '%s'", aspect);
        source->pixel_width = source->pixel_height = 0;
    }
    g_free(aspect);
}

/* 64 hexadecimal digits, as they are compared, of what was written with or without colons; NULL if
 * it is no SHA-256. */
static char *read_fingerprint(const char *text)
{
    GString *digits = g_string_new(NULL);
    for (const char *at = text; *at; at++)
        if (*at != ':')
            g_string_append_c(digits, g_ascii_tolower(*at));
    const bool good =
        digits->len == SHA256_DIGITS && strspn(digits->str, "0123456789abcdef") == digits->len;
    char *result = g_string_free(digits, !good);
    return good ? result : NULL;
}

/* Which certificate the camera may show. */
static void read_pin(struct source_config *source, struct reader *reader)
{
    char *text = reader_text(reader, "source-fingerprint", "");
    source->fingerprint = *text ? read_fingerprint(text) : g_strdup("");
    source->authorities = reader_file(reader, "source-ca");
    if (!source->fingerprint) {
        reader_problem(reader, "source-fingerprint",
                       "wants the SHA-256 of a certificate, 64 hexadecimal digits, not '%s'", text);
        source->fingerprint = g_strdup("");
    }
    if (*source->fingerprint && *source->authorities)
        reader_problem(reader, "source-ca", "goes without source-fingerprint");
    if ((*source->fingerprint || *source->authorities) &&
        !g_str_has_prefix(source->location, "rtsps:"))
        reader_problem(reader, "source", "shows no certificate: it is no rtsps://...");
    g_free(text);
}

static void read_source(struct source_config *source, struct reader *reader,
                        const struct config_checks *checks)
{
    read_location(source, reader);
    source->user = reader_text(reader, "source-user", "");
    source->password = reader_secret(reader, "source-password-file");
    if (*source->user && !*source->password)
        reader_problem(reader, "source-user", "there is no source-password-file beside it");
    read_pin(source, reader);
    char *transport = reader_choice(reader, "transport", "tcp", "tcp|udp");
    source->udp = strcmp(transport, "udp") == 0;
    if (source->udp && (*source->fingerprint || *source->authorities))
        reader_problem(
            reader, "transport",
            "wants tcp where the camera's certificate is said: by udp the pictures would "
            "come beside what that protects");
    g_free(transport);
    source->latency_ms = reader_number(reader, "source-latency", 200, 0, 10000);
    source->stall_s = reader_number(reader, "stall", 5, 1, 3600);
    source->width = reader_number(reader, "width", 0, 16, 16384) & ~1;
    source->height = reader_number(reader, "height", 0, 16, 16384) & ~1;
    source->rate = reader_number(reader, "rate", 0, 1, 240);
    read_view(source, reader);
    char *problem = *source->location ? checks->source(source) : NULL;
    if (problem)
        reader_problem(reader, "source", "%s", problem);
    g_free(problem);
}

static int read_whole(struct reader *reader, const char *key, enum bauta_setting_id id)
{
    char *text = reader_setting(reader, key, id, BAUTA_UNIT_WHOLE);
    const int number = atoi(text);
    g_free(text);
    return number;
}

void config_read_stream(struct stream_config *stream, struct reader *reader, const char *prefix)
{
    char *key = g_strconcat(prefix, "encoder", NULL);
    stream->encoder = reader_text(reader, "encoder", "x264");
    stream->preset = reader_choice(reader, "preset", "veryfast",
                                   "ultrafast|superfast|veryfast|faster|fast|medium|slow|slower|"
                                   "veryslow");
    stream->quality = read_whole(reader, "quality", BAUTA_SETTING_CRF);
    g_free(key);
    key = g_strconcat(prefix, "bitrate", NULL);
    stream->bitrate_kbps = reader_number(reader, key, 0, 16, 500000);
    g_free(key);
    key = g_strconcat(prefix, "recovery", NULL);
    stream->recovery =
        reader_choice(reader, key, *prefix ? "none" : "lossy", "lossy|lossless|none");
    g_free(key);
    key = g_strconcat(prefix, "recovery-qp", NULL);
    stream->recovery_qp = read_whole(reader, key, BAUTA_SETTING_RECOVERY_QP);
    g_free(key);
}

static void read_streams(struct camera_config *camera, struct reader *reader,
                         const struct config_checks *checks)
{
    config_read_stream(&camera->main, reader, "");
    char *problem = checks->encoder(&camera->main);
    if (problem)
        reader_problem(reader, "encoder", "%s", problem);
    g_free(problem);
    camera->has_sub = reader_flag(reader, "sub", false);
    config_read_stream(&camera->sub, reader, "sub-");
    camera->sub.width = reader_number(reader, "sub-width", 640, 16, 16384) & ~1;
    camera->sub.height = reader_number(reader, "sub-height", 0, 16, 16384) & ~1;
    camera->sub.rate = reader_number(reader, "sub-rate", 0, 1, 240);
    camera->has_snapshot = reader_flag(reader, "snapshot", true);
    camera->snapshot_quality = reader_number(reader, "snapshot-quality", 85, 1, 100);
}

static void read_record(struct record_config *record, const struct camera_config *camera,
                        struct reader *reader)
{
    record->directory = reader_folder(reader, "record");
    char *stream = reader_choice(reader, "record-stream", "main", "main|sub");
    record->sub = strcmp(stream, "sub") == 0;
    if (record->sub && !camera->has_sub)
        reader_problem(reader, "record-stream", "there is no sub stream without sub = yes");
    g_free(stream);
    char *format = reader_choice(reader, "record-format", "mp4", "mp4|mkv");
    record->format = strcmp(format, "mkv") == 0 ? RECORD_MKV : RECORD_MP4;
    g_free(format);
    record->segment_s = reader_number(reader, "segment", 60, 2, 86400);
    record->retention_s = reader_duration(reader, "retention", 0);
    record->limit_bytes = reader_size(reader, "record-limit", 0);
    if (!*record->directory && (record->retention_s || record->limit_bytes))
        reader_problem(reader, "record", "is missing: nothing would be recorded");
}

static void add_file(GChecksum *sum, const char *path)
{
    char *text = NULL;
    gsize size = 0;
    if (*path && g_file_get_contents(path, &text, &size, NULL))
        g_checksum_update(sum, (const guchar *)text, (gssize)size);
    g_free(text);
}

static char *fingerprint(const struct camera_config *camera, struct reader *reader)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)reader->folder, -1);
    char **keys = g_key_file_get_keys(reader->keys, reader->group, NULL, NULL);
    for (char **key = keys; key && *key; key++) {
        char *value = g_key_file_get_value(reader->keys, reader->group, *key, NULL);
        char *line = g_strdup_printf("%s=%s\n", *key, value);
        g_checksum_update(sum, (const guchar *)line, -1);
        g_free(line);
        g_free(value);
    }
    g_strfreev(keys);
    for (char **path = camera->recipients; *path; path++)
        add_file(sum, *path);
    add_file(sum, camera->sign);
    add_file(sum, camera->source.authorities);
    g_checksum_update(sum, (const guchar *)camera->source.password, -1);
    char *text = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return text;
}

struct camera_config *config_read_camera(struct reader *reader, const struct config_checks *checks,
                                         const char *name)
{
    if (!is_name(name))
        reader_problem(reader, NULL,
                       "a camera's name has letters, digits, '-' and '_', at most 64");
    if (g_strv_contains(taken_names, name))
        reader_problem(reader, NULL, "a camera cannot have this name");
    struct camera_config *camera = g_new0(struct camera_config, 1);
    camera->name = g_strdup(name);
    read_source(&camera->source, reader, checks);
    read_streams(camera, reader, checks);
    config_read_protection(camera, reader);
    read_record(&camera->record, camera, reader);
    camera->fingerprint = fingerprint(camera, reader);
    return camera;
}

static void free_stream(struct stream_config *stream)
{
    g_free(stream->encoder);
    g_free(stream->preset);
    g_free(stream->recovery);
}

void config_free_camera(struct camera_config *camera)
{
    g_free(camera->name);
    g_free(camera->fingerprint);
    g_free(camera->source.location);
    g_free(camera->source.user);
    g_free(camera->source.fingerprint);
    g_free(camera->source.authorities);
    bauta_wipe_text(camera->source.password);
    g_free(camera->source.password);
    g_strfreev(camera->recipients);
    g_free(camera->sign);
    g_free(camera->sign_passphrase_file);
    for (int i = 0; i < camera->n_protect; i++) {
        g_free(camera->protect[i].name);
        g_free(camera->protect[i].value);
    }
    free_stream(&camera->main);
    free_stream(&camera->sub);
    g_free(camera->record.directory);
    g_free(camera);
}
