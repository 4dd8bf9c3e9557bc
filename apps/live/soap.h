/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOAP_H
#define SOAP_H

#include <glib.h>
#include <stdbool.h>

#include "auth.h"

/*
 * SOAP 1.2 (https://www.w3.org/TR/soap12-part1/), as far as ONVIF and WS-Discovery need it: what
 * strangers send is read without a network, files, document types or entities of their own; what is
 * sent is written with every text escaped.
 */
struct soap;

enum { SOAP_MAX_SIZE = 64 * 1024 };

enum soap_result {
    SOAP_OK,
    SOAP_MALFORMED, /* not XML, or XML with a document type, or too large, or without a body */
    SOAP_VERSION,   /* an envelope, but not of SOAP 1.2 */
};

/* Sets `soap` to NULL unless SOAP_OK. */
enum soap_result soap_read(struct soap **soap, const char *text, gsize size);
void soap_free(struct soap *soap);

/* Name and namespace of the body's first element; never NULL. */
const char *soap_action(const struct soap *soap);
const char *soap_namespace(const struct soap *soap);
/* Text of the first element of this local name within the body's first one, at any depth; NULL if
 * there is none, "" if it is empty. Lives as long as `soap`. */
const char *soap_text(const struct soap *soap, const char *name);
/* Whether a `name` within the body's first element has this text. */
bool soap_has(const struct soap *soap, const char *name, const char *text);
/* The qualified names that are the text of that element, each as "NAMESPACE LOCAL"; NULL if there
 * is no such element. The caller frees them with g_strfreev(). */
char **soap_names(const struct soap *soap, const char *name);
/* An attribute of that element, "" if there is none. */
const char *soap_attribute(const struct soap *soap, const char *name, const char *attribute);
/* Text of an element of the header, by local name; NULL if there is none. */
const char *soap_header_text(const struct soap *soap, const char *name);
/* The header's WS-UsernameToken; false if there is none. Its strings live as long as `soap`. A
 * password in the clear counts as no digest. */
bool soap_token(const struct soap *soap, struct auth_token *token);

/* An envelope up to its body, to be ended with soap_end(). The caller frees it. */
GString *soap_begin(const char *header);
/* Appends with `%s` and the like escaped. */
void soap_put(GString *text, const char *format, ...) G_GNUC_PRINTF(2, 3);
void soap_end(GString *text);

/* An envelope with a fault. `code` is "Sender", "Receiver" or "VersionMismatch"; subcodes are of
 * ONVIF ("ter:...") and may be NULL. The caller frees it. */
GString *soap_fault(const char *code, const char *subcode, const char *subsubcode,
                    const char *reason);

#endif
