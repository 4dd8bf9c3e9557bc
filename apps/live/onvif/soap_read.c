/* SPDX-License-Identifier: Apache-2.0 */
#include "soap.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

static const char ns_envelope[] = "http://www.w3.org/2003/05/soap-envelope";
static const char ns_security[] =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
static const char password_digest[] = "#PasswordDigest";

struct soap {
    xmlDocPtr document;
    xmlNodePtr header; /* NULL: none */
    xmlNodePtr action;
    GPtrArray *texts; /* of xmlChar *, that were given out */
};

/* A document type is where entities come from; SOAP allows none (part 1, section 5). */
static void refuse_type(void *context, const xmlChar *name, const xmlChar *public_id,
                        const xmlChar *system_id)
{
    (void)name;
    (void)public_id;
    (void)system_id;
    xmlStopParser(context);
}

static xmlDocPtr read_document(const char *text, gsize size)
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (!parser)
        return NULL;
    parser->sax->internalSubset = refuse_type;
    xmlDocPtr document =
        xmlCtxtReadMemory(parser, text, (int)size, NULL, "UTF-8",
                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                              XML_PARSE_NOCDATA | XML_PARSE_NODICT);
    if (document && !parser->wellFormed) {
        xmlFreeDoc(document);
        document = NULL;
    }
    xmlFreeParserCtxt(parser);
    return document;
}

static bool is_named(const xmlNode *node, const char *name, const char *ns)
{
    return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name) &&
           (!ns || (node->ns && node->ns->href && !strcmp((const char *)node->ns->href, ns)));
}

static xmlNodePtr find_child(const xmlNode *parent, const char *name, const char *ns)
{
    for (xmlNodePtr child = parent ? parent->children : NULL; child; child = child->next)
        if (is_named(child, name, ns))
            return child;
    return NULL;
}

static xmlNodePtr first_element(const xmlNode *parent)
{
    xmlNodePtr child = parent ? parent->children : NULL;
    while (child && child->type != XML_ELEMENT_NODE)
        child = child->next;
    return child;
}

/* The first element of this name after `from` (or within `top`, from NULL), in the document's
 * order. */
static xmlNodePtr find_within(xmlNodePtr top, xmlNodePtr from, const char *name)
{
    xmlNodePtr node = from ? from : top;
    while (node) {
        if (node->type == XML_ELEMENT_NODE && node->children) {
            node = node->children;
        } else {
            while (node != top && !node->next)
                node = node->parent;
            if (node == top)
                return NULL;
            node = node->next;
        }
        if (is_named(node, name, NULL))
            return node;
    }
    return NULL;
}

enum soap_result soap_read(struct soap **soap, const char *text, gsize size)
{
    *soap = NULL;
    xmlDocPtr document = soap_is_modest(text, size) ? read_document(text, size) : NULL;
    if (!document)
        return SOAP_MALFORMED;
    const xmlNode *envelope = xmlDocGetRootElement(document);
    enum soap_result result = SOAP_MALFORMED;
    if (envelope && is_named(envelope, "Envelope", ns_envelope)) {
        xmlNodePtr action = first_element(find_child(envelope, "Body", ns_envelope));
        if (action) {
            *soap = g_new0(struct soap, 1);
            (*soap)->document = document;
            (*soap)->header = find_child(envelope, "Header", ns_envelope);
            (*soap)->action = action;
            (*soap)->texts = g_ptr_array_new_with_free_func((GDestroyNotify)xmlFree);
            return SOAP_OK;
        }
    } else if (envelope && is_named(envelope, "Envelope", NULL)) {
        result = SOAP_VERSION;
    }
    xmlFreeDoc(document);
    return result;
}

void soap_free(struct soap *soap)
{
    if (!soap)
        return;
    g_ptr_array_unref(soap->texts);
    xmlFreeDoc(soap->document);
    g_free(soap);
}

const char *soap_action(const struct soap *soap)
{
    return (const char *)soap->action->name;
}

const char *soap_namespace(const struct soap *soap)
{
    const xmlNs *ns = soap->action->ns;
    return ns && ns->href ? (const char *)ns->href : "";
}

/* Without the spaces around it. */
static const char *keep_text(const struct soap *soap, xmlChar *text)
{
    if (!text)
        return "";
    g_ptr_array_add(soap->texts, text);
    return g_strstrip((char *)text);
}

static const char *text_of(const struct soap *soap, xmlNodePtr node)
{
    return node ? keep_text(soap, xmlNodeGetContent(node)) : NULL;
}

const char *soap_text(const struct soap *soap, const char *name)
{
    return text_of(soap, find_within(soap->action, NULL, name));
}

bool soap_has(const struct soap *soap, const char *name, const char *text)
{
    xmlNodePtr node = NULL;
    while ((node = find_within(soap->action, node, name)))
        if (!strcmp(text_of(soap, node), text))
            return true;
    return false;
}

char **soap_names(const struct soap *soap, const char *name)
{
    xmlNodePtr node = find_within(soap->action, NULL, name);
    if (!node)
        return NULL;
    GPtrArray *names = g_ptr_array_new();
    char **words = g_strsplit_set(text_of(soap, node), " \t\r\n", -1);
    for (char **word = words; *word; word++) {
        char *colon = strchr(*word, ':');
        if (!**word)
            continue;
        if (colon)
            *colon = '\0';
        const xmlNs *ns = xmlSearchNs(soap->document, node, colon ? (const xmlChar *)*word : NULL);
        g_ptr_array_add(names,
                        g_strdup_printf("%s %s", ns && ns->href ? (const char *)ns->href : "",
                                        colon ? colon + 1 : *word));
    }
    g_strfreev(words);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

const char *soap_attribute(const struct soap *soap, const char *name, const char *attribute)
{
    xmlNodePtr node = find_within(soap->action, NULL, name);
    return node ? keep_text(soap, xmlGetNoNsProp(node, (const xmlChar *)attribute)) : "";
}

const char *soap_header_text(const struct soap *soap, const char *name)
{
    return text_of(soap, find_child(soap->header, name, NULL));
}

static bool has_more_than_one(const struct soap *soap, const char *name)
{
    xmlNodePtr first = soap->header ? find_within(soap->header, NULL, name) : NULL;
    return first && find_within(soap->header, first, name);
}

bool soap_is_one_guess(const struct soap *soap)
{
    return !has_more_than_one(soap, "UsernameToken") && !has_more_than_one(soap, "Username") &&
           !has_more_than_one(soap, "Password");
}

bool soap_token(const struct soap *soap, struct auth_token *token)
{
    const xmlNode *security = find_child(soap->header, "Security", ns_security);
    const xmlNode *node = find_child(security, "UsernameToken", ns_security);
    if (!node)
        return false;
    xmlNodePtr password = find_child(node, "Password", ns_security);
    *token = (struct auth_token){
        .user = text_of(soap, find_child(node, "Username", ns_security)),
        .nonce = text_of(soap, find_child(node, "Nonce", ns_security)),
        .created = text_of(soap, find_child(node, "Created", NULL)),
    };
    if (password) {
        const char *type = keep_text(soap, xmlGetNoNsProp(password, (const xmlChar *)"Type"));
        if (g_str_has_suffix(type, password_digest))
            token->digest = text_of(soap, password);
    }
    return true;
}
