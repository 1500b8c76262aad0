// zlib for Swift, without its macros and its one large struct.
#ifndef CZLIB_H
#define CZLIB_H

#include <stddef.h>
#include <stdint.h>

// The wrapping of compressed data: gzip (RFC 1952), zlib (RFC 1950), or none (RFC 1951).
enum czlib_wrapping { CZLIB_GZIP = 31, CZLIB_ZLIB = 15, CZLIB_RAW = -15 };

enum czlib_result { CZLIB_GOES_ON = 0, CZLIB_ENDED = 1, CZLIB_CORRUPT = -1, CZLIB_NO_MEMORY = -2 };

typedef struct czlib_inflater czlib_inflater;

// Null where there is no memory.
czlib_inflater *czlib_inflater_open(int wrapping);
void czlib_inflater_close(czlib_inflater *inflater);
// Begins with a further stream of the same wrapping.
int czlib_inflater_restart(czlib_inflater *inflater);

// Takes some input and gives some output, and says how much of both. It goes on without any of both where it needs more
// input, or more room.
int czlib_inflate(czlib_inflater *inflater, const uint8_t *input, size_t count, size_t *taken, uint8_t *output,
                  size_t room, size_t *given);

// What zlib says of corrupt input; may be null.
const char *czlib_inflater_message(const czlib_inflater *inflater);

// Compresses at once into the room there is, and returns the length; 0 where it does not fit, or there is no memory.
size_t czlib_deflate(int wrapping, const uint8_t *input, size_t count, uint8_t *output, size_t room);

#endif
