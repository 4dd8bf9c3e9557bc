/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin.h"

#include <bauta/version.h>

#include "attach.h"
#include "collect.h"
#include "element_log.h"
#include "protect.h"
#include "recover.h"

static gboolean init(GstPlugin *plugin)
{
    GST_DEBUG_CATEGORY_INIT(bauta_category, "bauta", 0, "Recoverable privacy masking");
    return gst_element_register(plugin, "bautaprotect", GST_RANK_NONE, BAUTA_TYPE_PROTECT) &&
           gst_element_register(plugin, "bautaattach", GST_RANK_NONE, BAUTA_TYPE_ATTACH) &&
           gst_element_register(plugin, "bautacollect", GST_RANK_NONE, BAUTA_TYPE_COLLECT) &&
           gst_element_register(plugin, "bautarecover", GST_RANK_NONE, BAUTA_TYPE_RECOVER);
}

#define PACKAGE "bauta"
GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, bauta,
                  "Recoverable privacy masking for video", init, BAUTA_VERSION_STRING, "Apache 2.0",
                  "Bauta", "https://bauta.invalid/")
