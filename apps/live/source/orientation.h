/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ORIENTATION_H
#define ORIENTATION_H

#include <gst/gst.h>

/*
 * Tells behind a decoder how H.264 and H.265 say that their pictures are shown, by display
 * orientation messages, as the tag image-orientation: GStreamer 1.22 does not. `pad` is the
 * decoder's sink. A message counts before what a container says, until the stream says otherwise,
 * or neither a key picture nor the picture after it has one.
 */
void orientation_pad(GstPad *pad);
/* The same for each decoder that comes into this bin from now on, as into a decodebin. */
void orientation_bin(GstBin *bin);
/* Behind what has turned the pixels nobody may turn them again, nor look at them as if they were
 * not: videoflip 1.22 lets the tag pass, so here all tags end. */
void orientation_done(GstPad *pad);

#endif
