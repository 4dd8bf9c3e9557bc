/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_HIDE_H
#define BAUTA_HIDE_H

#include <stdint.h>

#include <bauta/status.h>

/* What a mask looks like. */
enum bauta_style {
    BAUTA_STYLE_MOSAIC, /* coarse blocks in the target's colours: its looks, not its face */
    BAUTA_STYLE_NOISE,  /* coarse grey blocks with noise, so strong that what is left is bounded by
                           `epsilon` (DP-Pix, Fan 2018), whoever looks and whatever he knows */
    BAUTA_STYLE_SOLID   /* grey: nothing of the target but its outline */
};

/* How targets are hidden, for a protector as for a whole file. docs/threat-model.md measures what
 * each of them withstands. */
struct bauta_hide_settings {
    enum bauta_style style; /* default BAUTA_STYLE_MOSAIC */
    int blocks;             /* at most so many across a mask's shorter side; 2 to 16, default 4 */
    float epsilon;          /* of BAUTA_STYLE_NOISE, more than 0; default 0.5. Less is safer. */
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

BAUTA_API void bauta_hide_settings_init(struct bauta_hide_settings *settings);

#endif
