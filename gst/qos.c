/* SPDX-License-Identifier: Apache-2.0 */
#include "qos.h"

bool qos_answer(GstEvent *event)
{
    if (GST_EVENT_TYPE(event) != GST_EVENT_QOS)
        return false;
    gst_event_unref(event);
    return true;
}
