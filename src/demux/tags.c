/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/tags.h"

#include <string.h>
#include <strings.h>
#include <libavutil/parseutils.h>

static bool is_one_of(const char *name, const char *const *names)
{
    while (*names && strcasecmp(name, *names) != 0)
        names++;
    return *names != NULL;
}

bool bt_tags_is_kept(const char *name)
{
    static const char *const kept[] = {"creation_time", "timecode", "language", NULL};
    return is_one_of(name, kept);
}

bool bt_tags_is_technical(const AVDictionaryEntry *tag)
{
    static const char *const names[] = {
        "major_brand", "minor_version", "compatible_brands", "encoder", "vendor_id",
        "duration",    "handler_name",  "software",          "rotate",  "variant_bitrate",
        NULL};
    /* BPS, NUMBER_OF_FRAMES, _STATISTICS_...: what mkvmerge counts */
    return is_one_of(tag->key, names) || strncasecmp(tag->key, "BPS", 3) == 0 ||
           strncasecmp(tag->key, "NUMBER_OF_", 10) == 0 ||
           strncasecmp(tag->key, "DURATION-", 9) == 0 ||
           strncasecmp(tag->key, "_STATISTICS_", 12) == 0;
}

static uint64_t creation_ms(const AVDictionary *tags)
{
    const AVDictionaryEntry *tag = av_dict_get(tags, "creation_time", NULL, 0);
    int64_t us = 0;
    return tag && av_parse_time(&us, tag->value, 0) >= 0 && us > 0 ? (uint64_t)us / 1000 : 0;
}

uint64_t bt_tags_began_ms(const AVFormatContext *format)
{
    uint64_t ms = creation_ms(format->metadata);
    for (unsigned i = 0; !ms && i < format->nb_streams; i++)
        if (format->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
            ms = creation_ms(format->streams[i]->metadata);
    return ms;
}

const char *bt_tags_timecode(const AVFormatContext *from, const AVStream *video)
{
    const AVDictionaryEntry *tag = av_dict_get(video->metadata, "timecode", NULL, 0);
    if (!tag)
        tag = av_dict_get(from->metadata, "timecode", NULL, 0);
    for (unsigned i = 0; !tag && i < from->nb_streams; i++)
        if (from->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_DATA)
            tag = av_dict_get(from->streams[i]->metadata, "timecode", NULL, 0);
    return tag ? tag->value : NULL;
}
