/* SPDX-License-Identifier: Apache-2.0 */
#include "token.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

bool token_make(struct token *token)
{
    unsigned char bytes[TOKEN_SIZE / 2];
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return false;
    for (size_t i = 0; i < sizeof(bytes); i++)
        snprintf(token->text + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

bool token_check(const struct token *token, const char *authorization)
{
    static const char scheme[] = "Bearer ";
    if (!authorization || strncasecmp(authorization, scheme, strlen(scheme)) != 0)
        return false;
    const char *given = authorization + strlen(scheme);
    if (strlen(given) != TOKEN_SIZE)
        return false;
    volatile unsigned char differs = 0;
    for (int i = 0; i < TOKEN_SIZE; i++)
        differs = (unsigned char)(differs | (given[i] ^ token->text[i]));
    return differs == 0;
}
