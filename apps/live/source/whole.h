/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHOLE_H
#define WHOLE_H

#include <gst/gst.h>

#include "stream/stats.h"

/*
 * Keeps damage from being decoded: what is put in the place of lost packets is made of old
 * pictures, pieces of people among it that no detector knows. After a loss, nothing passes `pad`, a
 * depayloader's source, until a key picture comes that nothing was lost of.
 * What does not is counted.
 */
void whole_pad(GstPad *pad, struct stats *stats);

#endif
