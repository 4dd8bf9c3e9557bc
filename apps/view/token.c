/* SPDX-License-Identifier: Apache-2.0 */
#include "token.h"

#include <bauta/bytes.h>
#include <bauta/secrets.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

bool token_make(struct token *token)
{
    unsigned char bytes[TOKEN_SIZE / 2];
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return false;
    bauta_hex(token->text, bytes, sizeof(bytes));
    return true;
}

bool token_check(const struct token *token, const char *authorization)
{
    static const char scheme[] = "Bearer ";
    if (!authorization || strncasecmp(authorization, scheme, strlen(scheme)) != 0)
        return false;
    const char *given = authorization + strlen(scheme);
    return strlen(given) == TOKEN_SIZE && bauta_equal_secret(token->text, given, TOKEN_SIZE);
}
