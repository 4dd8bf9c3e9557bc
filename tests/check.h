/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_CHECK_H
#define BT_TESTS_CHECK_H

/* cmocka wants these four before its own header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <bauta/status.h>

/* Fails with the status' words instead of a number. */
#define check_status(expected, call)                                                               \
    do {                                                                                           \
        enum bauta_status check_got = (call), check_want = (expected);                             \
        if (check_got != check_want)                                                               \
            fail_msg("%s gave '%s', not '%s'", #call, bauta_status_text(check_got),                \
                     bauta_status_text(check_want));                                               \
    } while (0)
#define check_ok(call) check_status(BAUTA_OK, call)

#endif
