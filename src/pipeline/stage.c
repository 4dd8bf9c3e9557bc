/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/stage.h"

enum bauta_status bt_stage_pass(const struct bt_stage *stage, struct bt_item *item)
{
    return stage->next->take(stage->next, item);
}
