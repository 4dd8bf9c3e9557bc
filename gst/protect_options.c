/* SPDX-License-Identifier: Apache-2.0 */
#include "protect_options.h"

#include <bauta/setting.h>
#include <stdio.h>
#include <string.h>

#include "choices.h"

#define AT(field) offsetof(struct protect_options, field)

const struct option protect_option_table[] = {
    {"recipients", OPTION_TEXT, AT(recipients), 0, 0, 0,
     "To whom originals are sealed: FILE.pub and FILE.group, separated by commas; required unless "
     "recovery=none",
     NULL},
    {"signing-key", OPTION_TEXT, AT(signing_key), 0, 0, 0,
     "FILE.key that signs each epoch; then bautaattach holds one picture back", NULL},
    {"signing-passphrase-file", OPTION_TEXT, AT(signing_passphrase_file), 0, 0, 0,
     "File whose first line is the signing key's passphrase; its owner's alone", NULL},
    {"mask", OPTION_CHOICE, AT(mask), 0, 0, BAUTA_MASK_BOTH, "What is hidden of people",
     choices_mask},
    {"style", OPTION_CHOICE, AT(style), 0, 0, BAUTA_STYLE_MOSAIC, "What a mask looks like",
     choices_style},
    {"blocks", OPTION_WHOLE_SETTING, AT(blocks), BAUTA_SETTING_BLOCKS, BAUTA_UNIT_NONE, 0,
     "Blocks across a mask's shorter side, at most", NULL},
    {"epsilon", OPTION_REAL_SETTING, AT(epsilon), BAUTA_SETTING_EPSILON, BAUTA_UNIT_NONE, 0,
     "With style=noise: bound on what a mask tells; less is safer", NULL},
    {"always", OPTION_TEXT, AT(always), 0, 0, 0,
     "Areas that are hidden in every picture: \"X,Y,W,H;X,Y,W,H\", in pixels", NULL},
    {"never", OPTION_TEXT, AT(never), 0, 0, 0,
     "Areas in which nobody who appears is hidden, such as a poster with faces", NULL},
    {"hold", OPTION_WHOLE_SETTING, AT(hold_ms), BAUTA_SETTING_HOLD, BAUTA_UNIT_MILLISECONDS,
     OPTION_MINUS_ONE, "Milliseconds that a mask stays after the last sight", NULL},
    {"face-score", OPTION_REAL_SETTING, AT(face_score), BAUTA_SETTING_FACE_SCORE, BAUTA_UNIT_NONE,
     OPTION_MINUS_ONE, "From which a sight of a face counts", NULL},
    {"body-score", OPTION_REAL_SETTING, AT(body_score), BAUTA_SETTING_BODY_SCORE, BAUTA_UNIT_NONE,
     OPTION_MINUS_ONE, "From which a sight of a body counts", NULL},
    {"face-padding", OPTION_REAL_SETTING, AT(face_padding), BAUTA_SETTING_FACE_PADDING,
     BAUTA_UNIT_NONE, OPTION_MINUS_ONE, "Share by which a face's mask is larger on each side",
     NULL},
    {"body-padding", OPTION_REAL_SETTING, AT(body_padding), BAUTA_SETTING_BODY_PADDING,
     BAUTA_UNIT_NONE, OPTION_MINUS_ONE, "Share by which a body's mask is larger on each side",
     NULL},
    {"body-model", OPTION_TEXT, AT(body_model), 0, 0, 0,
     "ONNX file instead of the default model of bodies", NULL},
    {"face-model", OPTION_TEXT, AT(face_model), 0, 0, 0,
     "ONNX file instead of the default model of faces", NULL},
    {"data-dir", OPTION_TEXT, AT(data_dir), 0, 0, 0,
     "Folder of lib/ and models/ (default: $BAUTA_DATA, then the built-in one)", NULL},
    {"detector-threads", OPTION_WHOLE_SETTING, AT(detector_threads), BAUTA_SETTING_DETECTOR_THREADS,
     BAUTA_UNIT_NONE, 0, "Threads of the detector", NULL},
    {"detector-program", OPTION_TEXT, AT(detector_program), 0, 0, 0,
     "Program of the detector's process (default: $BAUTA_DETECTOR, then the built-in one)", NULL},
    {"detect-every", OPTION_WHOLE_SETTING, AT(detect_every), BAUTA_SETTING_DETECT_EVERY,
     BAUTA_UNIT_NONE, 0,
     "Look for people in one picture of so many, or in fewer if the detector is slower; 0: live "
     "about eight times a second, else in every picture",
     NULL},
    {"lookahead", OPTION_WHOLE_SETTING, AT(lookahead_ms), BAUTA_SETTING_LOOKAHEAD,
     BAUTA_UNIT_MILLISECONDS, 0,
     "Milliseconds that a picture waits for sights of those after it: the delay that is added",
     NULL},
    {"longest-gap", OPTION_WHOLE_SETTING, AT(longest_gap_ms), BAUTA_SETTING_LONGEST_GAP,
     BAUTA_UNIT_MILLISECONDS, 0,
     "Milliseconds to the nearest picture that was looked at, beyond which a picture is hidden "
     "whole",
     NULL},
    {"realtime", OPTION_CHOICE, AT(realtime), 0, 0, REALTIME_AUTO,
     "Whether pictures go on without waiting for the detector", choices_realtime},
    {"epoch", OPTION_WHOLE_SETTING, AT(epoch_ms), BAUTA_SETTING_EPOCH, BAUTA_UNIT_MILLISECONDS, 0,
     "Milliseconds from one random access point, which this element asks the encoder for, to the "
     "next",
     NULL},
    {"rotate", OPTION_WHOLE_SETTING, AT(rotate_s), BAUTA_SETTING_ROTATE, BAUTA_UNIT_WHOLE, 0,
     "Seconds after which the stream's key is a new one (0: never)", NULL},
    {"recovery", OPTION_CHOICE, AT(recovery), 0, 0, RECOVERY_LOSSY,
     "How originals are kept, in the stream of the pad src", choices_recovery},
    {"recovery-qp", OPTION_WHOLE_SETTING, AT(recovery_qp), BAUTA_SETTING_RECOVERY_QP,
     BAUTA_UNIT_NONE, 0, "Quantiser of the kept originals; less is better", NULL},
    {"object-codec", OPTION_CHOICE, AT(object_codec), 0, 0, BAUTA_CODEC_H264,
     "Codec of the kept originals", choices_codec},
    {"recovery-preset", OPTION_TEXT, AT(recovery_preset), 0, 0, 0,
     "x264's or x265's preset for the kept originals (default: veryfast)", NULL},
    {"utc", OPTION_FLAG, AT(utc), 0, 1, 1,
     "Put the time of day into the stream, if the source is live", NULL},
    {"turn", OPTION_CHOICE, AT(turn), 0, 0, 0,
     "Degrees clockwise that people must be turned by to stand upright, besides what tags say; the "
     "picture leaves as it comes",
     choices_turn},
    {"aspect", OPTION_TEXT, AT(aspect), 0, 0, 0,
     "Shape of a pixel, \"W:H\", instead of what caps say: of recorders that tell none", NULL},
    {"keep-tags", OPTION_FLAG, AT(keep_tags), 0, 1, 0,
     "Let titles, places, comments and all other tags of the source pass, but for pictures; else "
     "only those pass that say how pictures are coded, shown, and when they were taken",
     NULL},
};
const guint protect_n_options = G_N_ELEMENTS(protect_option_table);

static bool read_area(struct bauta_rect *area, const char *text)
{
    int size = -1;
    return sscanf(text, " %d,%d,%d,%d %n", &area->x, &area->y, &area->w, &area->h, &size) == 4 &&
           size == (int)strlen(text) && area->w > 0 && area->h > 0 && area->w <= 16384 &&
           area->h <= 16384 && area->x >= -16384 && area->y >= -16384 && area->x <= 16384 &&
           area->y <= 16384;
}

static bool read_areas(struct bauta_rect areas[BAUTA_MAX_AREAS], int *n, const char *text)
{
    bool sound = true;
    char **items = g_strsplit(text ? text : "", ";", -1);
    *n = 0;
    for (char **item = items; *item && sound; item++) {
        if (!*g_strstrip(*item))
            continue;
        sound = *n < BAUTA_MAX_AREAS && read_area(&areas[*n], *item);
        *n += sound;
    }
    g_strfreev(items);
    return sound;
}

bool protect_areas_read(struct protect_areas *areas, const struct protect_options *o)
{
    return read_areas(areas->always, &areas->n_always, o->always) &&
           read_areas(areas->never, &areas->n_never, o->never);
}

bool protect_aspect_read(struct bauta_view *pixels, const struct protect_options *o)
{
    int size = -1;
    *pixels = (struct bauta_view){.turn = 0};
    if (!o->aspect || !*o->aspect)
        return true;
    return sscanf(o->aspect, "%5d:%5d%n", &pixels->pixel_width, &pixels->pixel_height, &size) ==
               2 &&
           size == (int)strlen(o->aspect) && pixels->pixel_width > 0 && pixels->pixel_height > 0;
}

/* A text that is not empty, or NULL. */
static const char *told(const char *text)
{
    return text && *text ? text : NULL;
}

void protect_options_apply(struct bauta_protector_settings *s, const struct protect_options *o,
                           const struct protect_areas *areas, int lookahead)
{
    struct bauta_find_settings *find = &s->find;
    find->classes = (unsigned)o->mask;
    find->data_dir = told(o->data_dir);
    find->body_model = told(o->body_model);
    find->face_model = told(o->face_model);
    find->threads = o->detector_threads;
    find->lookahead = lookahead;
    find->external = true;
    find->longest_gap_us = (int64_t)o->longest_gap_ms * 1000;
    find->hold_us = (int64_t)o->hold_ms * 1000;
    find->face = (struct bauta_class_settings){(float)o->face_score, (float)o->face_padding};
    find->body = (struct bauta_class_settings){(float)o->body_score, (float)o->body_padding};
    find->always = areas->always;
    find->n_always = areas->n_always;
    find->never = areas->never;
    find->n_never = areas->n_never;
    s->hide.style = (enum bauta_style)o->style;
    s->hide.blocks = o->blocks;
    s->hide.epsilon = (float)o->epsilon;
    s->epoch_us = (int64_t)o->epoch_ms * 1000;
    s->rotate_us = (int64_t)o->rotate_s * 1000000;
}

void protect_options_codec(struct bauta_object_codec *codec, const struct protect_options *o,
                           int recovery, int qp, bool full_range)
{
    bauta_object_codec_init(codec, (enum bauta_codec)o->object_codec);
    codec->qp = recovery == RECOVERY_LOSSLESS ? 0 : qp;
    codec->preset = told(o->recovery_preset) ? o->recovery_preset : "veryfast";
    codec->full_range = full_range;
}
