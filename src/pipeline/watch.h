/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_WATCH_H
#define BT_WATCH_H

#include <stdint.h>

/* Seconds on a clock that never jumps. Only for figures: nothing is decided by it. */
double bt_watch_now(void);
/* What time it is, in milliseconds since 1970-01-01. */
uint64_t bt_watch_utc_ms(void);

#endif
