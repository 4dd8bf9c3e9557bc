/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SETTING_H
#define BT_SETTING_H

#include <bauta/log.h>
#include <bauta/setting.h>

/* Whether `value`, in the setting's own unit, may be; if not, says why. A float that was set to a
 * limit is within it. */
bool bt_setting_is_sound(enum bauta_setting_id id, double value, const struct bauta_log *log);

#endif
