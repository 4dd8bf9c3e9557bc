/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOAP_H
#define SOAP_H

#include <glib.h>
#include <stdbool.h>

#include "access/auth.h"

/*
 * SOAP 1.2 (https://www.w3.org/TR/soap12-part1/), as far as ONVIF and WS-Discovery need it: what
 * strangers send is read without a network, files, document types or entities of their own; what is
 * sent is written with every text escaped.
 */
struct soap;

/*
 * What is read at all. Anybody may send it, before a password is asked for, and libxml2 compares
 * each attribute of an element with each before it: 8400 of them in 56 kB took 0.3 s. Clients'
 * requests are of some kilobytes and a dozen levels; those made with gSOAP name some fifty
 * namespaces at once.
 */
enum {
    SOAP_MAX_SIZE = 16 * 1024,
    SOAP_MAX_DEPTH = 32,       /* elements within one another */
    SOAP_MAX_ATTRIBUTES = 128, /* of one element, namespaces among them */
    SOAP_MAX_ELEMENTS = 512,
};

enum soap_result {
    SOAP_OK,
    SOAP_MALFORMED, /* not XML, or beyond a limit, or with a document type, or without a body */
    SOAP_VERSION,   /* an envelope, but not of SOAP 1.2 */
};

/* Whether `text` keeps to the limits, by a look at its tags alone; it need not be XML. */
bool soap_is_modest(const char *text, gsize size);

/* UTF-8, whatever it says itself. Sets `soap` to NULL unless SOAP_OK. */
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
/* Whether the header has one name and one password at most: several are several guesses, and no
 * client sends them. */
bool soap_is_one_guess(const struct soap *soap);

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
