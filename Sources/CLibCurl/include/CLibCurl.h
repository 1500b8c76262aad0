#ifndef CLIBCURL_H
#define CLIBCURL_H

// libcurl as Debian packages it (libcurl4-openssl-dev), with what Swift cannot reach: its variadic functions and the
// constants that are macros with casts.
#include <curl/curl.h>

// curl_easy_setopt, by the type of the value.
CURLcode curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode curl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
// A NULL clears the option. Strings are copied by libcurl; lists, buffers and POSTFIELDS are not.
CURLcode curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode curl_set_pointer(CURL *handle, CURLoption option, const void *value);
CURLcode curl_set_list(CURL *handle, CURLoption option, struct curl_slist *list);
CURLcode curl_set_write_callback(CURL *handle, CURLoption option, curl_write_callback callback);
CURLcode curl_set_read_callback(CURL *handle, curl_read_callback callback);
CURLcode curl_set_progress_callback(CURL *handle, curl_xferinfo_callback callback);

// curl_easy_getinfo; 0 or NULL where libcurl has no such value.
long curl_get_long(CURL *handle, CURLINFO info);
curl_off_t curl_get_offset(CURL *handle, CURLINFO info);
const char *curl_get_text(CURL *handle, CURLINFO info);

// To be called once, before anything else: `curl_global_init`, and what goes with it.
CURLcode curl_prepare(void);

extern const long curl_auth_none;
extern const long curl_auth_basic;
extern const long curl_auth_digest;

#endif
