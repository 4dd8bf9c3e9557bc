/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSTALL_PATHS_H
#define INSTALL_PATHS_H

/* Where things are in the folder in which this program was built; installed, they have places of
 * their own. */

/* The path of `name` in this program's own folder; the caller frees it. */
char *install_paths_beside(const char *name);
/* Has the detector's program taken from there, if it is there and $BAUTA_DETECTOR says nothing.
 * Before any thread is started. */
void install_paths_find_detector(void);

#endif
