/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECOVER_H
#define RECOVER_H

#include <gst/video/gstvideofilter.h>

G_BEGIN_DECLS
#define BAUTA_TYPE_RECOVER (bauta_recover_get_type())
G_DECLARE_FINAL_TYPE(BautaRecover, bauta_recover, BAUTA, RECOVER, GstVideoFilter)
G_END_DECLS

/* The element bautarecover: puts the originals that its key opens back into decoded pictures, with
 * what bautacollect, upstream before the decoder, has read. What it cannot open stays masked. */

#endif
