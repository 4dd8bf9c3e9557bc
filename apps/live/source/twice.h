/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TWICE_H
#define TWICE_H

#include <gst/gst.h>

/*
 * A source that Bauta has protected already, such as another service's door: it would be masked
 * twice, and what is sealed in it does not leave. Once for each stream that is so, a message is
 * posted on the bus of `element`, which is borrowed and outlives the pad.
 */

/* Looks at the coded pictures that come to `pad`, a decoder's sink. */
void twice_pad(GstPad *pad, GstElement *element);
/* The same for each decoder that comes into this bin from now on, as into a decodebin. */
void twice_bin(GstBin *bin, GstElement *element);
/* The sentence in such a message, which the caller frees; NULL: it is another. */
char *twice_read(GstMessage *message);

#endif
