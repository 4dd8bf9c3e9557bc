/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"

void page_set(struct page *page, guint status, const char *type, GString *text)
{
    page_clear(page);
    page->status = status;
    page->type = type;
    page->body = g_string_free_to_bytes(text);
}

void page_say(struct page *page, guint status, const char *sentence)
{
    GString *text = g_string_new(sentence);
    g_string_append_c(text, '\n');
    page_set(page, status, "text/plain; charset=utf-8", text);
}

void page_clear(struct page *page)
{
    g_clear_pointer(&page->body, g_bytes_unref);
    *page = (struct page){0};
}
