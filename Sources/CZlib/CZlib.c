#include "CZlib.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct czlib_inflater {
  z_stream stream;
};

czlib_inflater *czlib_inflater_open(int wrapping) {
  czlib_inflater *inflater = calloc(1, sizeof *inflater);
  if (inflater && inflateInit2(&inflater->stream, wrapping) != Z_OK) {
    free(inflater);
    return NULL;
  }
  return inflater;
}

void czlib_inflater_close(czlib_inflater *inflater) {
  inflateEnd(&inflater->stream);
  free(inflater);
}

int czlib_inflater_restart(czlib_inflater *inflater) {
  return inflateReset(&inflater->stream) == Z_OK ? CZLIB_GOES_ON : CZLIB_CORRUPT;
}

static uInt bounded(size_t count) { return count > UINT_MAX ? UINT_MAX : (uInt)count; }

int czlib_inflate(czlib_inflater *inflater, const uint8_t *input, size_t count, size_t *taken, uint8_t *output,
                  size_t room, size_t *given) {
  z_stream *stream = &inflater->stream;
  uInt available = bounded(count), free_room = bounded(room);
  stream->next_in = (Bytef *)input;
  stream->avail_in = available;
  stream->next_out = output;
  stream->avail_out = free_room;
  int result = inflate(stream, Z_NO_FLUSH);
  *taken = available - stream->avail_in;
  *given = free_room - stream->avail_out;
  stream->next_in = NULL;
  stream->next_out = NULL;
  switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: return CZLIB_GOES_ON;
    case Z_STREAM_END: return CZLIB_ENDED;
    case Z_MEM_ERROR: return CZLIB_NO_MEMORY;
    default: return CZLIB_CORRUPT;
  }
}

const char *czlib_inflater_message(const czlib_inflater *inflater) { return inflater->stream.msg; }

size_t czlib_deflate(int wrapping, const uint8_t *input, size_t count, uint8_t *output, size_t room) {
  z_stream stream = {0};
  if (count > UINT_MAX || room > UINT_MAX) return 0;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, wrapping, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  stream.next_in = (Bytef *)input;
  stream.avail_in = (uInt)count;
  stream.next_out = output;
  stream.avail_out = (uInt)room;
  int result = deflate(&stream, Z_FINISH);
  size_t length = room - stream.avail_out;
  deflateEnd(&stream);
  return result == Z_STREAM_END ? length : 0;
}
