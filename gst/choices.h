/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHOICES_H
#define CHOICES_H

#include <glib-object.h>

/* The enumerations among the properties. */
enum recovery { RECOVERY_LOSSY, RECOVERY_LOSSLESS, RECOVERY_NONE };
enum realtime { REALTIME_AUTO, REALTIME_YES, REALTIME_NO };
enum { TURN_AUTO = -1 }; /* else degrees */

GType choices_mask(void);     /* BAUTA_MASK_* */
GType choices_style(void);    /* enum bauta_style */
GType choices_codec(void);    /* enum bauta_codec */
GType choices_recovery(void); /* enum recovery */
GType choices_realtime(void); /* enum realtime */
GType choices_turn(void);     /* TURN_AUTO, 0, 90, 180, 270 */

#endif
