/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_WATCH_H
#define BT_WATCH_H

/* Seconds on a clock that never jumps. Only for figures: nothing is decided by it. */
double bt_watch_now(void);

#endif
