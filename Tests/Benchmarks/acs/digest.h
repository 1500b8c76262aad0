// The client's side of HTTP digest authentication (RFC 7616, and RFC 2617 where no qop is offered), by MD5.
#pragma once
#include <openssl/evp.h>

#include "text.h"

struct challenge {
  char realm[32], nonce[96], opaque[64];
  bool has_qop, is_stale;
  // How often the nonce was used.
  uint32_t count;
};

// The hash of the parts with colons between them; the list ends with NULL.
static void md5_of(char hexadecimal[33], const char *first, ...) {
  static EVP_MD_CTX *context;
  static EVP_MD *function;
  if (!context && !((context = EVP_MD_CTX_new()) && (function = EVP_MD_fetch(NULL, "MD5", NULL)))) give_up("MD5");
  unsigned char bytes[EVP_MAX_MD_SIZE];
  va_list parts;
  EVP_DigestInit_ex2(context, function, NULL);
  EVP_DigestUpdate(context, first, strlen(first));
  va_start(parts, first);
  for (const char *part; (part = va_arg(parts, const char *));) {
    EVP_DigestUpdate(context, ":", 1);
    EVP_DigestUpdate(context, part, strlen(part));
  }
  va_end(parts);
  EVP_DigestFinal_ex(context, bytes, NULL);
  for (int i = 0; i < 16; i++) snprintf(hexadecimal + 2 * i, 3, "%02x", bytes[i]);
}

// One parameter of a challenge, with or without quotes; empty where there is none.
static void challenge_parameter(const char *field, const char *name, char *value, size_t room) {
  value[0] = 0;
  for (const char *at = field; (at = strcasestr(at, name)); at++) {
    bool begins = at == field || strchr(" ,\t", at[-1]);
    const char *after = at + strlen(name);
    while (*after == ' ') after++;
    if (!begins || *after++ != '=') continue;
    while (*after == ' ') after++;
    size_t size = *after == '"' ? strcspn(++after, "\"") : strcspn(after, ", \t");
    snprintf(value, room, "%.*s", (int)size, after);
    return;
  }
}

// Reads the value of a WWW-Authenticate field; false where it is of another scheme or hash.
static bool challenge_read(struct challenge *challenge, const char *field) {
  char text[64];
  if (strncasecmp(field, "Digest ", 7)) return false;
  challenge_parameter(field, "algorithm", text, sizeof text);
  if (text[0] && strcasecmp(text, "MD5")) return false;
  challenge_parameter(field, "realm", challenge->realm, sizeof challenge->realm);
  challenge_parameter(field, "nonce", challenge->nonce, sizeof challenge->nonce);
  challenge_parameter(field, "opaque", challenge->opaque, sizeof challenge->opaque);
  challenge_parameter(field, "qop", text, sizeof text);
  challenge->has_qop = strcasestr(text, "auth") != NULL;
  challenge_parameter(field, "stale", text, sizeof text);
  challenge->is_stale = !strcasecmp(text, "true");
  challenge->count = 0;
  return challenge->nonce[0] != 0;
}

static void put_authorization(
    struct text *out, struct challenge *challenge, const char *method, const char *uri, const char *username,
    const char *password) {
  char secret[33], action[33], response[33], count[9], client_nonce[17];
  snprintf(count, sizeof count, "%08x", ++challenge->count);
  snprintf(client_nonce, sizeof client_nonce, "%08lx%08lx", random(), random());
  md5_of(secret, username, challenge->realm, password, NULL);
  md5_of(action, method, uri, NULL);
  if (challenge->has_qop)
    md5_of(response, secret, challenge->nonce, count, client_nonce, "auth", action, NULL);
  else
    md5_of(response, secret, challenge->nonce, action, NULL);
  putf(
      out, "Authorization: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\", algorithm=MD5",
      username, challenge->realm, challenge->nonce, uri, response);
  if (challenge->has_qop) putf(out, ", qop=auth, nc=%s, cnonce=\"%s\"", count, client_nonce);
  if (challenge->opaque[0]) putf(out, ", opaque=\"%s\"", challenge->opaque);
  put(out, "\r\n");
}
