/* SPDX-License-Identifier: Apache-2.0 */
#include "mux/left_out.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "codec/colour.h"
#include "demux/demux_state.h"
#include "demux/tags.h"
#include "mux/container.h"
#include "mux/tag_copy.h"

/* The things of one line, each once. */
struct list {
    char text[768];
    size_t size;
    int n_more;           /* that found no room */
    bool tags, subtitles; /* some are among them that would come if asked for */
    bool pictures;        /* some are among them */
    const struct bt_container *container;
    struct bt_container_words words; /* that it holds */
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

static bool is_among(const AVDictionary *tags, const char *name)
{
    const AVDictionaryEntry *tag = NULL;
    while ((tag = av_dict_get(tags, "", tag, AV_DICT_IGNORE_SUFFIX)))
        if (strcasecmp(plain_name(tag->key), name) == 0)
            return true;
    return false;
}

/* Of tags that are wanted, those that the output does not hold; else all. */
static void add_tags(struct list *l, const AVDictionary *tags, bool wanted,
                     const AVDictionary *held)
{
    const AVDictionaryEntry *tag = NULL;
    while ((tag = av_dict_get(tags, "", tag, AV_DICT_IGNORE_SUFFIX))) {
        const char *name = plain_name(tag->key);
        if (bt_tags_is_kept(tag->key) || bt_tags_is_technical(tag) ||
            (wanted && is_among(held, name)))
            continue;
        add(l, "%.60s", name);
        l->tags |= !wanted && !l->container->codec;
    }
}

static void add_video(struct list *l, const AVStream *track, bool goes_elsewhere)
{
    bool cover = track->disposition & AV_DISPOSITION_ATTACHED_PIC;
    if (cover)
        add(l, "cover picture");
    if (cover || goes_elsewhere)
        return;
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
    l->subtitles |= bt_container_holds(l->container, track);
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
        add_video(l, track, s->others_apart);
    else if (type == AVMEDIA_TYPE_SUBTITLE && !s->keep_subtitles)
        add_subtitles(l, track);
    else if (type == AVMEDIA_TYPE_ATTACHMENT)
        add(l, "attachment");
    else if (type == AVMEDIA_TYPE_DATA || type == AVMEDIA_TYPE_UNKNOWN)
        add_data(l, track);
    if (track == s->like->video || (s->audio && type == AVMEDIA_TYPE_AUDIO))
        add_tags(l, track->metadata, s->keep_tags, l->words.track);
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

static void add_chapters(struct list *l, const AVFormatContext *out,
                         const struct bt_mux_settings *s)
{
    if (out->nb_chapters > 0 && !l->words.chapters)
        add(l, "chapters");
    else if (!s->keep_tags)
        add_titles(l, s->like->format);
}

/* Raw streams and MPEG-TS have it in the stream, if its encoder writes it there. */
static bool loses_screen(const struct list *l, const struct bt_mux_settings *s)
{
    bool told =
        bt_container_tells_turns(l->container) || strcmp(l->container->muxer, "matroska") == 0;
    return !told && !s->screen_in_stream && bt_colour_tells_screen(s->like->video);
}

void bt_left_out_say(const AVFormatContext *out, const struct bt_mux_settings *s)
{
    const AVFormatContext *from = s->like->format;
    struct list l = {.container = bt_container_find(s->path, s->format)};
    if (s->keep_tags || out->nb_chapters > 0)
        bt_container_tell(&l.words, l.container, out);
    for (unsigned i = 0; i < from->nb_streams; i++)
        add_track(&l, from->streams[i], s);
    add_tags(&l, from->metadata, s->keep_tags, l.words.file);
    add_chapters(&l, out, s);
    bt_container_words_clear(&l.words);
    if (loses_screen(&l, s))
        add(&l, "mastering display and light level");
    if (bt_tags_timecode(from, s->like->video) && !bt_tag_copy_timecode(out, s))
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
