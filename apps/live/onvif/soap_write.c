/* SPDX-License-Identifier: Apache-2.0 */
#include "soap.h"

#include <stdarg.h>

GString *soap_begin(const char *header)
{
    GString *text = g_string_sized_new(4096);
    g_string_append(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                          "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
                          " xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\""
                          " xmlns:trt=\"http://www.onvif.org/ver10/media/wsdl\""
                          " xmlns:tr2=\"http://www.onvif.org/ver20/media/wsdl\""
                          " xmlns:tt=\"http://www.onvif.org/ver10/schema\""
                          " xmlns:ter=\"http://www.onvif.org/ver10/error\""
                          " xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\""
                          " xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\""
                          " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\">");
    if (header)
        g_string_append_printf(text, "<s:Header>%s</s:Header>", header);
    g_string_append(text, "<s:Body>");
    return text;
}

void soap_put(GString *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *escaped = g_markup_vprintf_escaped(format, arguments);
    va_end(arguments);
    g_string_append(text, escaped);
    g_free(escaped);
}

void soap_end(GString *text)
{
    g_string_append(text, "</s:Body></s:Envelope>\n");
}

GString *soap_fault(const char *code, const char *subcode, const char *subsubcode,
                    const char *reason)
{
    GString *text = soap_begin(NULL);
    soap_put(text, "<s:Fault><s:Code><s:Value>s:%s</s:Value>", code);
    if (subcode)
        soap_put(text, "<s:Subcode><s:Value>%s</s:Value>", subcode);
    if (subsubcode)
        soap_put(text, "<s:Subcode><s:Value>%s</s:Value></s:Subcode>", subsubcode);
    if (subcode)
        g_string_append(text, "</s:Subcode>");
    soap_put(text, "</s:Code><s:Reason><s:Text xml:lang=\"en\">%s</s:Text></s:Reason></s:Fault>",
             reason);
    soap_end(text);
    return text;
}
