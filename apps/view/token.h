/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdbool.h>

/* What a page must know to be answered: 128 random bits in hexadecimal digits. */
enum { TOKEN_SIZE = 32 };

struct token {
    char text[TOKEN_SIZE + 1];
};

/* False: the system gives no random bytes. */
bool token_make(struct token *token);
/* Whether an Authorization header (NULL: none) is "Bearer TOKEN"; takes the same time for every
 * wrong token. */
bool token_check(const struct token *token, const char *authorization);

#endif
