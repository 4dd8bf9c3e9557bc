/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_SETTING_H
#define BAUTA_SETTING_H

#include <stdbool.h>

#include <bauta/status.h>

/*
 * The numbers that can be set at more than one door (the command line, a live configuration, a
 * GStreamer element, this library): what each may be, and the one sentence for what it may not.
 */
enum bauta_setting_id {
    BAUTA_SETTING_BLOCKS,
    BAUTA_SETTING_EPSILON,
    BAUTA_SETTING_FACE_SCORE,
    BAUTA_SETTING_BODY_SCORE,
    BAUTA_SETTING_FACE_PADDING,
    BAUTA_SETTING_BODY_PADDING,
    BAUTA_SETTING_HOLD,
    BAUTA_SETTING_LONGEST_GAP,
    BAUTA_SETTING_LOOKAHEAD_PICTURES, /* of a file, which are counted */
    BAUTA_SETTING_LOOKAHEAD,          /* live, by time */
    BAUTA_SETTING_DETECT_EVERY,       /* 0: as often as keeps up; live, about eight a second */
    BAUTA_SETTING_DETECTOR_THREADS,
    BAUTA_SETTING_EPOCH,     /* which is one GOP */
    BAUTA_SETTING_ROTATE,    /* 0: never */
    BAUTA_SETTING_CRF,       /* of masked pictures in H.264 */
    BAUTA_SETTING_CRF_H265,  /* the same in H.265 */
    BAUTA_SETTING_CRF_SHOWN, /* of what is recovered or exported */
    BAUTA_SETTING_RECOVERY_CRF,
    BAUTA_SETTING_RECOVERY_QP,
    BAUTA_N_SETTINGS
};

/*
 * As a door writes it. What has no time or is a share has BAUTA_UNIT_NONE. BAUTA_UNIT_WHOLE is the
 * setting's own, at a door that takes no fraction of it; none takes one of a millisecond.
 */
enum bauta_unit { BAUTA_UNIT_NONE, BAUTA_UNIT_SECONDS, BAUTA_UNIT_MILLISECONDS, BAUTA_UNIT_WHOLE };

struct bauta_setting {
    const char *name;     /* without a door's own spelling */
    enum bauta_unit unit; /* of the numbers here: NONE or SECONDS */
    double least, most;
    double standard; /* where nothing is said of a file */
    double live;     /* where nothing is said of pictures that come one by one, as of a camera */
    bool whole;      /* no door takes a fraction */
};

enum { BAUTA_SETTING_SENTENCE = 160 };

/* Lives for ever. NULL: there is no such setting. */
BAUTA_API const struct bauta_setting *bauta_setting_get(enum bauta_setting_id id);
/* `number` of seconds in the unit of a door; as it is, if the setting has no time. NaN: there is no
 * such setting. */
BAUTA_API double bauta_setting_in(enum bauta_setting_id id, double number, enum bauta_unit unit);
/*
 * Reads `text`, in the unit of a door, into `*value`, in the setting's own. BAUTA_ERR_ARGUMENT if
 * it is no number or out of range, or if there is no such setting: then `*value` stays, and
 * `sentence` (room for BAUTA_SETTING_SENTENCE) says so, as "wants a number of seconds from 0 to 60,
 * not '61'". BAUTA_ERR_MEMORY, and a sentence, too. The same in every locale.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_setting_read(double *value, char *sentence,
                                                                enum bauta_setting_id id,
                                                                const char *text,
                                                                enum bauta_unit unit);

#endif
