/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_H
#define COLLECT_H

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS
#define BAUTA_TYPE_COLLECT (bauta_collect_get_type())
G_DECLARE_FINAL_TYPE(BautaCollect, bauta_collect, BAUTA, COLLECT, GstBaseTransform)
G_END_DECLS

/* The element bautacollect: reads what access units carry, for bautarecover behind the decoder, and
 * passes them on as they are. */

#endif
