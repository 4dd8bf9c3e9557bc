/* SPDX-License-Identifier: Apache-2.0 */
#include "media/left_out.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "media/demux_private.h"
#include "media/tags.h"

/* The things of one line, each once. */
struct list {
    char text[768];
    size_t size;
    int n_more;                     /* that found no room */
    bool tags, subtitles, pictures; /* some of these are among them */
};

static bool has(const struct list *l, const char *thing)
{
    size_t length = strlen(thing);
    for (const char *at = l->text; (at = strstr(at, thing)); at++)
        if ((at == l->text || at[-1] == ' ') && (at[length] == ',' || at[length] == '\0'))
            return true;
    return false;
}

BAUTA_PRINTF(2, 3) static void add(struct list *l, const char *format, ...)
{
    char thing[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(thing, sizeof(thing), format, arguments);
    va_end(arguments);
    for (char *c = thing; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f) /* a tag's name is a stranger's text */
            *c = '?';
    if (has(l, thing))
        return;
    if (l->size + strlen(thing) + 3 > sizeof(l->text)) {
        l->n_more++;
        return;
    }
    l->size += (size_t)snprintf(l->text + l->size, sizeof(l->text) - l->size, "%s%s",
                                l->size ? ", " : "", thing);
}

/* "location" for location-eng and com.apple.quicktime.location.ISO6709, and so on. */
static const char *plain_name(const char *key)
{
    static const char apple[] = "com.apple.quicktime.";
    const char *name = strncasecmp(key, apple, sizeof(apple) - 1) ? key : key + sizeof(apple) - 1;
    return strncasecmp(name, "location", 8) == 0 ? "location" : name;
}

static void add_tags(struct list *l, const AVDictionary *tags)
{
    const AVDictionaryEntry *tag = NULL;
    while ((tag = av_dict_get(tags, "", tag, AV_DICT_IGNORE_SUFFIX))) {
        if (bt_tags_is_kept(tag->key) || bt_tags_is_technical(tag))
            continue;
        add(l, "%.60s", plain_name(tag->key));
        l->tags = true;
    }
}

static void add_video(struct list *l, const AVStream *track)
{
    if (track->disposition & AV_DISPOSITION_ATTACHED_PIC) {
        add(l, "cover picture");
        return;
    }
    const AVCodecParameters *p = track->codecpar;
    l->pictures = true;
    add(l, "video track %d (%s %dx%d)", track->index + 1, avcodec_get_name(p->codec_id), p->width,
        p->height);
}

static void add_subtitles(struct list *l, const AVStream *track)
{
    const AVDictionaryEntry *language = av_dict_get(track->metadata, "language", NULL, 0);
    bool told = language && strcmp(language->value, "und") != 0;
    add(l, "subtitles (%s%s%.16s)", avcodec_get_name(track->codecpar->codec_id), told ? " " : "",
        told ? language->value : "");
    l->subtitles = true;
}

/* A data track that only holds the time code or the chapters is not missed. */
static void add_data(struct list *l, const AVStream *track)
{
    char tag[AV_FOURCC_MAX_STRING_SIZE];
    if (track->codecpar->codec_tag == MKTAG('t', 'm', 'c', 'd') || track->discard == AVDISCARD_ALL)
        return;
    if (track->codecpar->codec_id == AV_CODEC_ID_BIN_DATA ||
        track->codecpar->codec_id == AV_CODEC_ID_NONE)
        add(l, "data track (%s)", av_fourcc_make_string(tag, track->codecpar->codec_tag));
    else
        add(l, "data track (%s)", avcodec_get_name(track->codecpar->codec_id));
}

static void add_track(struct list *l, const AVStream *track, const struct bt_mux_settings *s)
{
    enum AVMediaType type = track->codecpar->codec_type;
    if (type == AVMEDIA_TYPE_VIDEO && track != s->like->video)
        add_video(l, track);
    else if (type == AVMEDIA_TYPE_SUBTITLE && !s->keep_subtitles)
        add_subtitles(l, track);
    else if (type == AVMEDIA_TYPE_ATTACHMENT)
        add(l, "attachment");
    else if (type == AVMEDIA_TYPE_DATA || type == AVMEDIA_TYPE_UNKNOWN)
        add_data(l, track);
    if (!s->keep_tags && (track == s->like->video || (s->audio && type == AVMEDIA_TYPE_AUDIO)))
        add_tags(l, track->metadata);
}

static void add_titles(struct list *l, const AVFormatContext *from)
{
    for (unsigned i = 0; i < from->nb_chapters; i++) {
        const AVDictionaryEntry *title = av_dict_get(from->chapters[i]->metadata, "title", NULL, 0);
        if (!title || strncmp(title->value, "Chapter ", 8) == 0)
            continue;
        add(l, "titles of chapters");
        l->tags = true;
    }
}

void bt_left_out_say(const AVFormatContext *out, const struct bt_mux_settings *s)
{
    const AVFormatContext *from = s->like->format;
    struct list l = {.size = 0};
    for (unsigned i = 0; i < from->nb_streams; i++)
        add_track(&l, from->streams[i], s);
    if (!s->keep_tags) {
        add_tags(&l, from->metadata);
        add_titles(&l, from);
    }
    if (bt_tags_has_timecode(s) && !bt_tags_timecode(out, s))
        add(&l, "time code");
    if (!l.size)
        return;
    char more[32] = "";
    if (l.n_more)
        snprintf(more, sizeof(more), " and %d more", l.n_more);
    /* a second camera is a loss that nobody should overlook */
    bt_log(s->log, l.pictures ? BAUTA_LOG_WARNING : BAUTA_LOG_INFO, "%s: left out: %s%s%s",
           bt_demux_path(s->like), l.text, more,
           l.tags && l.subtitles ? " (--keep-tags, --keep-subtitles keep some)"
           : l.tags              ? " (--keep-tags keeps tags)"
           : l.subtitles         ? " (--keep-subtitles keeps subtitles)"
                                 : "");
}
