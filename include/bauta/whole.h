/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_WHOLE_H
#define BAUTA_WHOLE_H

#include <bauta/status.h>

/* Why a picture was hidden whole. It is one region then, of target BAUTA_TARGET_WHOLE_PICTURE, and
 * can be recovered like any other. */
enum bauta_whole {
    BAUTA_WHOLE_NONE,     /* it was not */
    BAUTA_WHOLE_CROWD,    /* more regions than a picture has room for, or more people than can be
                             followed */
    BAUTA_WHOLE_UNCLEAR,  /* what the caller gave makes no sense: a target and class twice, or a
                             class that is none */
    BAUTA_WHOLE_DETECTOR, /* the detector failed or is not there, and no mask of before could be
                             grown */
    BAUTA_WHOLE_UNLOOKED, /* nobody has looked yet, or not near enough to this picture */
    BAUTA_WHOLE_UNSAID,   /* regions are given, and none were for this picture: it is not known who
                             is in it */
    BAUTA_WHOLE_GIVEN,    /* the caller gave the whole picture as a region */
    BAUTA_N_WHOLE
};

/* "crowd", "unclear", "detector", "unlooked", "unsaid" or "given"; NULL for another number. */
BAUTA_API const char *bauta_whole_name(enum bauta_whole whole);

#endif
