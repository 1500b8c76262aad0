// libcurl checks the types of variadic arguments with macros; here the option is a variable, so the plain functions are
// meant.
#define CURL_DISABLE_TYPECHECK
#define _GNU_SOURCE
#include "CLibCurl.h"

#include <dlfcn.h>
#include <stdint.h>

CURLcode curl_prepare(void) {
  // OpenSSL, where libcurl is made with it, frees its own at exit, and a thread that ends meanwhile crashes on what it
  // finds there. It is told not to: OPENSSL_INIT_NO_ATEXIT.
  int (*initialize)(uint64_t, const void *) = (int (*)(uint64_t, const void *))dlsym(RTLD_DEFAULT, "OPENSSL_init_crypto");
  if (initialize != NULL) initialize(0x00080000, NULL);
  return curl_global_init(CURL_GLOBAL_DEFAULT);
}

const long curl_auth_none = 0;
const long curl_auth_basic = (long)CURLAUTH_BASIC;
const long curl_auth_digest = (long)CURLAUTH_DIGEST;

CURLcode curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode curl_set_list(CURL *handle, CURLoption option, struct curl_slist *list) {
  return curl_easy_setopt(handle, option, list);
}

CURLcode curl_set_write_callback(CURL *handle, CURLoption option, curl_write_callback callback) {
  return curl_easy_setopt(handle, option, callback);
}

CURLcode curl_set_read_callback(CURL *handle, curl_read_callback callback) {
  return curl_easy_setopt(handle, CURLOPT_READFUNCTION, callback);
}

CURLcode curl_set_progress_callback(CURL *handle, curl_xferinfo_callback callback) {
  return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callback);
}

long curl_get_long(CURL *handle, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

curl_off_t curl_get_offset(CURL *handle, CURLINFO info) {
  curl_off_t value = 0;
  return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

const char *curl_get_text(CURL *handle, CURLINFO info) {
  const char *value = NULL;
  return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : NULL;
}
