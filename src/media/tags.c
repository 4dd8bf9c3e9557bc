/* SPDX-License-Identifier: Apache-2.0 */
#include "media/tags.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <libavutil/mathematics.h>
#include <libavutil/parseutils.h>
#include <libavutil/timecode.h>

#include "media/demux_private.h"
#include "media/mux.h"

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

/* Their own name for what a phone of Apple's says, which others, and MP4, hold under a plain one.
 */
static const char *plain_name(const char *key)
{
    static const char *const names[][2] = {{"com.apple.quicktime.location.ISO6709", "location"},
                                           {"com.apple.quicktime.make", "make"},
                                           {"com.apple.quicktime.model", "model"},
                                           {"com.apple.quicktime.title", "title"},
                                           {"com.apple.quicktime.author", "author"},
                                           {"com.apple.quicktime.comment", "comment"},
                                           {"com.apple.quicktime.description", "description"},
                                           {"com.apple.quicktime.copyright", "copyright"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcasecmp(key, names[i][0]) == 0)
            return names[i][1];
    return key;
}

static void copy_tags(AVDictionary **to, const AVDictionary *from, bool all)
{
    const AVDictionaryEntry *tag = NULL;
    while ((tag = av_dict_get(from, "", tag, AV_DICT_IGNORE_SUFFIX)))
        if (!bt_tags_is_technical(tag) && strcasecmp(tag->key, "timecode") != 0 &&
            (all || bt_tags_is_kept(tag->key)))
            av_dict_set(to, plain_name(tag->key), tag->value, AV_DICT_DONT_OVERWRITE);
}

void bt_tags_copy_stream(AVStream *to, const AVStream *from, bool all)
{
    copy_tags(&to->metadata, from->metadata, all);
    to->disposition = from->disposition & ~AV_DISPOSITION_ATTACHED_PIC;
}

static const char *find_timecode(const AVFormatContext *from, const AVStream *video)
{
    const AVDictionaryEntry *tag = av_dict_get(video->metadata, "timecode", NULL, 0);
    if (!tag)
        tag = av_dict_get(from->metadata, "timecode", NULL, 0);
    for (unsigned i = 0; !tag && i < from->nb_streams; i++)
        if (from->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_DATA)
            tag = av_dict_get(from->streams[i]->metadata, "timecode", NULL, 0);
    return tag ? tag->value : NULL;
}

bool bt_tags_has_timecode(const struct bt_mux_settings *s)
{
    return find_timecode(s->like->format, s->like->video) != NULL;
}

const char *bt_tags_timecode(const AVFormatContext *out, const struct bt_mux_settings *s)
{
    AVTimecode timecode;
    AVFormatContext *from = s->like->format;
    AVRational rate = av_guess_frame_rate(from, s->like->video, NULL);
    const char *name = out->oformat->name, *found = find_timecode(from, s->like->video);
    if (!found || strcmp(name, "matroska") == 0)
        return found;
    if (strcmp(name, "mp4") != 0 && strcmp(name, "mov") != 0)
        return NULL;
    /* their muxer counts pictures, and would end the run if it could not */
    return av_timecode_init_from_string(&timecode, rate, found, NULL) >= 0 ? found : NULL;
}

static void set_time(AVDictionary **tags, uint64_t ms)
{
    char text[64], whole[32];
    struct tm parts;
    time_t seconds = (time_t)(ms / 1000);
    if (!gmtime_r(&seconds, &parts) || !strftime(whole, sizeof(whole), "%Y-%m-%dT%H:%M:%S", &parts))
        return;
    snprintf(text, sizeof(text), "%s.%03uZ", whole, (unsigned)(ms % 1000));
    av_dict_set(tags, "creation_time", text, 0);
}

static AVChapter *new_chapter(AVFormatContext *out)
{
    AVChapter *chapter = av_mallocz(sizeof(*chapter));
    if (chapter && av_dynarray_add_nofree(&out->chapters, (int *)&out->nb_chapters, chapter) < 0)
        av_freep(&chapter);
    return chapter;
}

/* A title can name somebody; MP4 wants one, so it gets a number. */
static enum bauta_status copy_chapters(AVFormatContext *out, const AVFormatContext *from, bool all)
{
    int64_t start = from->start_time != AV_NOPTS_VALUE ? from->start_time : 0;
    for (unsigned i = 0; i < from->nb_chapters; i++) {
        const AVChapter *in = from->chapters[i];
        int64_t shift = av_rescale_q(start, AV_TIME_BASE_Q, in->time_base);
        char title[32];
        AVChapter *copy = in->end > shift ? new_chapter(out) : NULL;
        if (in->end > shift && !copy)
            return BAUTA_ERR_MEMORY;
        if (!copy)
            continue;
        snprintf(title, sizeof(title), "Chapter %u", i + 1);
        copy->id = in->id;
        copy->time_base = in->time_base;
        copy->start = in->start > shift ? in->start - shift : 0;
        copy->end = in->end - shift;
        if (all)
            av_dict_copy(&copy->metadata, in->metadata, 0);
        else
            av_dict_set(&copy->metadata, "title", title, 0);
    }
    return BAUTA_OK;
}

enum bauta_status bt_tags_copy(AVFormatContext *out, AVStream *video,
                               const struct bt_mux_settings *s)
{
    const AVFormatContext *from = s->like->format;
    copy_tags(&out->metadata, from->metadata, s->keep_tags);
    bt_tags_copy_stream(video, s->like->video, s->keep_tags);
    if (s->began_ms) {
        set_time(&out->metadata, s->began_ms);
        set_time(&video->metadata, s->began_ms);
    }
    const char *timecode = bt_tags_timecode(out, s);
    if (timecode)
        av_dict_set(&video->metadata, "timecode", timecode, 0);
    return copy_chapters(out, from, s->keep_tags);
}
