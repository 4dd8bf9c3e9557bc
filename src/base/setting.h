/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SETTING_H
#define BT_SETTING_H

#include <bauta/log.h>
#include <bauta/setting.h>
#include <stdint.h>

/* Whether `value`, in the setting's own unit, may be; if not, says why. A float that was set to a
 * limit is within it. */
bool bt_setting_is_sound(enum bauta_setting_id id, double value, const struct bauta_log *log);
/* The standard of files, for settings' init functions: as it is, and of a time in microseconds. */
float bt_setting_standard(enum bauta_setting_id id);
int64_t bt_setting_standard_us(enum bauta_setting_id id);

#endif
