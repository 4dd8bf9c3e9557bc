/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_BESIDES_H
#define BT_BESIDES_H

#include "demux/demux.h"

/*
 * Tells what a file holds or says besides the pictures of its video, as "sound (aac)", each thing
 * by a call. `pictures`: it shows others, or not all of them, or in another order. To be called
 * after the last packet: some tracks are known only then, and the place in the file is lost.
 */
void bt_besides_tell(const struct bt_demux *demux, void *user,
                     void (*found)(void *user, const char *what, bool pictures));

#endif
