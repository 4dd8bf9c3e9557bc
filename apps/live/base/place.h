/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLACE_H
#define PLACE_H

/* Where things are in the folder in which this program was built; installed, they have places of
 * their own. */

/* The path of `name` in this program's own folder; the caller frees it. */
char *place_beside(const char *name);
/* Has the detector's program taken from there, if it is there and $BAUTA_DETECTOR says nothing.
 * Before any thread is started. */
void place_find_detector(void);

#endif
