// The router's half of CWMP's messages: it reads the requests of an ACS and writes its answers (TR-069 annex A).
#pragma once
#include "device.h"

// The next tag of a document, its name without prefix, and the text up to the tag after it.
struct tag {
  const char *name, *text;
  int name_size, text_size;
  bool is_end;
};

static bool next_tag(const char **at, struct tag *tag) {
  const char *next = *at;
  while ((next = strchr(next, '<')) && (next[1] == '?' || next[1] == '!')) {
    if (!strncmp(next, "<!--", 4) && !(next = strstr(next, "-->"))) return false;
    next++;
  }
  if (!next) return false;
  tag->is_end = *++next == '/';
  next += tag->is_end;
  size_t size = strcspn(next, " \t\r\n/>");
  const char *colon = memchr(next, ':', size);
  tag->name = colon ? colon + 1 : next;
  tag->name_size = (int)(next + size - tag->name);
  for (next += size; *next && *next != '>'; next++) {
    char quote = *next;
    if ((quote == '"' || quote == '\'') && !(next = strchr(next + 1, quote))) return false;
  }
  if (!*next) return false;
  tag->text = next + 1;
  tag->text_size = (int)strcspn(tag->text, "<");
  *at = tag->text;
  return true;
}

static bool is(const struct tag *tag, const char *name) {
  return strlen(name) == (size_t)tag->name_size && !memcmp(tag->name, name, (size_t)tag->name_size);
}

// The text of a tag with the five entities of XML resolved; cut where the room ends.
static void tag_text(const struct tag *tag, char *out, size_t room) {
  static const struct {
    const char *name;
    char means;
  } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  size_t size = 0;
  for (const char *at = tag->text, *end = at + tag->text_size; at < end && size + 1 < room;) {
    size_t taken = 1;
    out[size] = *at;
    for (size_t i = 0; *at == '&' && i < sizeof entities / sizeof *entities; i++) {
      if (strncmp(at, entities[i].name, strlen(entities[i].name))) continue;
      out[size] = entities[i].means;
      taken = strlen(entities[i].name);
      break;
    }
    size++;
    at += taken;
  }
  out[size] = 0;
}

// What an ACS says: the ID of its header, and the first element of its body with what comes after it.
struct message {
  char id[80], name[64];
  const char *content;
};

static bool message_read(struct message *message, const char *document) {
  struct tag tag;
  bool in_body = false;
  message->id[0] = 0;
  while (next_tag(&document, &tag)) {
    if (in_body) {
      snprintf(message->name, sizeof message->name, "%.*s", tag.name_size, tag.name);
      message->content = document;
      return !tag.is_end;
    }
    if (tag.is_end) continue;
    if (is(&tag, "ID")) tag_text(&tag, message->id, sizeof message->id);
    in_body = is(&tag, "Body");
  }
  return false;
}

static void open_envelope(struct text *out, const char *id) {
  text_clear(out);
  put(out,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" "
      "xmlns:SOAP-ENC=\"http://schemas.xmlsoap.org/soap/encoding/\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:cwmp=\"urn:dslforum-org:cwmp-1-0\">\n"
      " <SOAP-ENV:Header>\n  <cwmp:ID SOAP-ENV:mustUnderstand=\"1\">");
  put_escaped(out, id);
  put(out, "</cwmp:ID>\n </SOAP-ENV:Header>\n <SOAP-ENV:Body>\n");
}

static void close_envelope(struct text *out) { put(out, " </SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n"); }

static void put_parameter(struct text *out, const struct device *device, int leaf) {
  putf(
      out, "    <ParameterValueStruct>\n     <Name>%s</Name>\n     <Value xsi:type=\"xsd:%s\">", leaves[leaf].path,
      leaves[leaf].type);
  put_value(out, device, leaf);
  put(out, "</Value>\n    </ParameterValueStruct>\n");
}

static void put_inform(struct text *out, const struct device *device, long id) {
  static int places[informed_count];
  if (!places[informed_count - 1])
    for (int i = 0; i < informed_count; i++) places[i] = leaf_of(informed[i], strlen(informed[i]));
  char number[24];
  snprintf(number, sizeof number, "%ld", id);
  open_envelope(out, number);
  putf(
      out,
      "  <cwmp:Inform>\n   <DeviceId>\n    <Manufacturer>%s</Manufacturer>\n    <OUI>%s</OUI>\n"
      "    <ProductClass>%s</ProductClass>\n    <SerialNumber>",
      MANUFACTURER, OUI, PRODUCT_CLASS);
  put_serial_number(out, device);
  putf(
      out, "</SerialNumber>\n   </DeviceId>\n   <Event SOAP-ENC:arrayType=\"cwmp:EventStruct[%d]\">\n",
      __builtin_popcount(device->events));
  for (int event = 0; event < event_count; event++) {
    if (!(device->events & 1 << event)) continue;
    putf(out, "    <EventStruct>\n     <EventCode>%s</EventCode>\n     <CommandKey>", event_codes[event]);
    if (event == m_download) put_escaped(out, device->download_key);
    if (event == m_reboot) put_escaped(out, device->reboot_key);
    put(out, "</CommandKey>\n    </EventStruct>\n");
  }
  put(out, "   </Event>\n   <MaxEnvelopes>1</MaxEnvelopes>\n   <CurrentTime>");
  put_moment(out);
  putf(
      out,
      "</CurrentTime>\n   <RetryCount>%d</RetryCount>\n"
      "   <ParameterList SOAP-ENC:arrayType=\"cwmp:ParameterValueStruct[%d]\">\n",
      device->retries, informed_count);
  for (int i = 0; i < informed_count; i++) put_parameter(out, device, places[i]);
  put(out, "   </ParameterList>\n  </cwmp:Inform>\n");
  close_envelope(out);
}

static void put_transfer_complete(struct text *out, const struct device *device, long id) {
  char number[24];
  snprintf(number, sizeof number, "%ld", id);
  open_envelope(out, number);
  put(out, "  <cwmp:TransferComplete>\n   <CommandKey>");
  put_escaped(out, device->download_key);
  putf(
      out,
      "</CommandKey>\n   <FaultStruct>\n    <FaultCode>%d</FaultCode>\n    <FaultString>%s</FaultString>\n"
      "   </FaultStruct>\n   <StartTime>",
      device->transfer_fault, device->transfer_fault ? "Download failure" : "");
  put_moment(out);
  put(out, "</StartTime>\n   <CompleteTime>");
  put_moment(out);
  put(out, "</CompleteTime>\n  </cwmp:TransferComplete>\n");
  close_envelope(out);
}

static void put_fault(struct text *out, int code, const char *text, const char *path) {
  putf(
      out,
      "  <SOAP-ENV:Fault>\n   <faultcode>Client</faultcode>\n   <faultstring>CWMP fault</faultstring>\n   <detail>\n"
      "    <cwmp:Fault>\n     <FaultCode>%d</FaultCode>\n     <FaultString>%s</FaultString>\n",
      path ? 9003 : code, path ? "Invalid arguments" : text);
  if (path) {
    put(out, "     <SetParameterValuesFault>\n      <ParameterName>");
    put_escaped(out, path);
    putf(
        out, "</ParameterName>\n      <FaultCode>%d</FaultCode>\n      <FaultString>%s</FaultString>\n"
        "     </SetParameterValuesFault>\n", code, text);
  }
  put(out, "    </cwmp:Fault>\n   </detail>\n  </SOAP-ENV:Fault>\n");
}

// The first element of that name, its text resolved; empty where there is none.
static void argument(const struct message *message, const char *name, char *out, size_t room) {
  const char *at = message->content;
  struct tag tag;
  out[0] = 0;
  while (next_tag(&at, &tag) && !(tag.is_end && is(&tag, message->name))) {
    if (tag.is_end || !is(&tag, name)) continue;
    tag_text(&tag, out, room);
    return;
  }
}

enum { value_room = 65536 };

// All or nothing (TR-069 A.3.2.1), so it is gone through twice.
static void set_parameter_values(struct text *out, struct device *device, const struct message *message) {
  static char value[value_room];
  char path[257];
  for (int round = 0; round < 2; round++) {
    const char *at = message->content;
    struct tag tag;
    int leaf = -1;
    while (next_tag(&at, &tag) && !(tag.is_end && is(&tag, message->name))) {
      if (tag.is_end) continue;
      if (is(&tag, "Name")) {
        tag_text(&tag, path, sizeof path);
        leaf = leaf_of(path, strlen(path));
        if (leaf >= 0 && leaves[leaf].is_writable) continue;
        put_fault(out, leaf < 0 ? 9005 : 9008, leaf < 0 ? "Invalid parameter name" : "Not writable", path);
        return;
      }
      if (!is(&tag, "Value") || round == 0) continue;
      tag_text(&tag, value, sizeof value);
      set(device, leaf, value, strlen(value));
      if (!strcmp(path, ROOT "ManagementServer.PeriodicInformInterval")) device->goals |= goal_periodic;
      if (!strcmp(path, ROOT "ManagementServer.Password")) {
        device->goals |= goal_credentials;
        device->challenge.nonce[0] = 0;
      }
    }
  }
  put(out, "  <cwmp:SetParameterValuesResponse>\n   <Status>0</Status>\n  </cwmp:SetParameterValuesResponse>\n");
}

// GetParameterValues and GetParameterAttributes: of full paths, and of all below a partial one.
static void get_parameters(struct text *out, const struct device *device, const struct message *message) {
  static struct text list;
  bool wants_values = !strcmp(message->name, "GetParameterValues");
  const char *kind = wants_values ? "Value" : "Attribute";
  char path[257];
  const char *at = message->content;
  struct tag tag;
  int count = 0;
  text_clear(&list);
  put(&list, "");
  while (next_tag(&at, &tag) && !(tag.is_end && is(&tag, message->name))) {
    if (tag.is_end || !is(&tag, "string")) continue;
    tag_text(&tag, path, sizeof path);
    size_t size = strlen(path);
    bool is_partial = !size || path[size - 1] == '.', is_known = false;
    for (int leaf = 0; leaf < leaf_count; leaf++) {
      if (strncmp(leaves[leaf].path, path, size) || (!is_partial && leaves[leaf].path[size])) continue;
      is_known = true;
      count++;
      if (wants_values)
        put_parameter(&list, device, leaf);
      else
        putf(
            &list,
            "    <ParameterAttributeStruct>\n     <Name>%s</Name>\n     <Notification>0</Notification>\n"
            "     <AccessList SOAP-ENC:arrayType=\"xsd:string[0]\"/>\n    </ParameterAttributeStruct>\n",
            leaves[leaf].path);
    }
    if (is_known) continue;
    put_fault(out, 9005, "Invalid parameter name", NULL);
    return;
  }
  putf(
      out,
      "  <cwmp:%sResponse>\n   <ParameterList SOAP-ENC:arrayType=\"cwmp:Parameter%sStruct[%d]\">\n%s"
      "   </ParameterList>\n  </cwmp:%sResponse>\n",
      message->name, kind, count, list.bytes, message->name);
}

static void get_parameter_names(struct text *out, const struct message *message) {
  static struct text list;
  char path[257], next_level[8];
  argument(message, "ParameterPath", path, sizeof path);
  argument(message, "NextLevel", next_level, sizeof next_level);
  bool is_shallow = next_level[0] == '1' || next_level[0] == 't';
  size_t size = strlen(path);
  bool is_partial = !size || path[size - 1] == '.';
  const char *before = "";
  int count = 0, known = 0;
  text_clear(&list);
  put(&list, "");
  const char *row = "    <ParameterInfoStruct>\n     <Name>%.*s</Name>\n     <Writable>%d</Writable>\n"
                    "    </ParameterInfoStruct>\n";
  for (int i = 0; i < leaf_count; i++) {
    const char *leaf = leaves[i].path;
    if (strncmp(leaf, path, size) || (!is_partial && leaf[size])) continue;
    if (!known++ && is_partial && size && !is_shallow) count++, putf(&list, row, (int)size, path, 0);
    // The objects on the way to it that the leaf before was not in.
    bool ends = false;
    for (const char *dot = strchr(leaf + size, '.'); dot && !ends; dot = strchr(dot + 1, '.')) {
      size_t object = (size_t)(dot + 1 - leaf);
      if (strncmp(before, leaf, object)) count++, putf(&list, row, (int)object, leaf, 0);
      ends = is_shallow;
    }
    if (!ends) count++, putf(&list, row, (int)strlen(leaf), leaf, leaves[i].is_writable);
    before = leaf;
  }
  if (!known || (is_shallow && !is_partial)) {
    put_fault(out, known ? 9003 : 9005, known ? "Invalid arguments" : "Invalid parameter name", NULL);
    return;
  }
  putf(
      out,
      "  <cwmp:GetParameterNamesResponse>\n   <ParameterList SOAP-ENC:arrayType=\"cwmp:ParameterInfoStruct[%d]\">\n%s"
      "   </ParameterList>\n  </cwmp:GetParameterNamesResponse>\n",
      count, list.bytes);
}

static void download(struct text *out, struct device *device, const struct message *message) {
  char url[1025], size[24];
  argument(message, "CommandKey", device->download_key, sizeof device->download_key);
  argument(message, "URL", url, sizeof url);
  argument(message, "FileSize", size, sizeof size);
  if (strncmp(url, "http://", 7)) {
    put_fault(out, 9013, "Unsupported protocol for file transfer", NULL);
    return;
  }
  free(device->url);
  if (!(device->url = strdup(url))) give_up("memory");
  device->file_size = atol(size);
  device->fetches = 0;
  put(out,
      "  <cwmp:DownloadResponse>\n   <Status>1</Status>\n   <StartTime>0001-01-01T00:00:00Z</StartTime>\n"
      "   <CompleteTime>0001-01-01T00:00:00Z</CompleteTime>\n  </cwmp:DownloadResponse>\n");
}

// Answers one request of the ACS; what it sets is kept in the device.
static void answer(struct text *out, struct device *device, const struct message *message, bool *reboots) {
  static const char *const methods[] = {
      "GetRPCMethods",          "SetParameterValues",     "GetParameterValues", "GetParameterNames",
      "SetParameterAttributes", "GetParameterAttributes", "Download",           "Reboot",
      "ScheduleInform",         "FactoryReset",
  };
  enum { method_count = sizeof methods / sizeof *methods };
  const char *name = message->name;
  open_envelope(out, message->id);
  if (!strcmp(name, "SetParameterValues")) {
    set_parameter_values(out, device, message);
  } else if (!strcmp(name, "GetParameterValues") || !strcmp(name, "GetParameterAttributes")) {
    get_parameters(out, device, message);
  } else if (!strcmp(name, "GetParameterNames")) {
    get_parameter_names(out, message);
  } else if (!strcmp(name, "Download")) {
    download(out, device, message);
  } else if (!strcmp(name, "GetRPCMethods")) {
    putf(
        out, "  <cwmp:GetRPCMethodsResponse>\n   <MethodList SOAP-ENC:arrayType=\"xsd:string[%d]\">\n", method_count);
    for (int i = 0; i < method_count; i++) putf(out, "    <string>%s</string>\n", methods[i]);
    put(out, "   </MethodList>\n  </cwmp:GetRPCMethodsResponse>\n");
  } else if (
      !strcmp(name, "Reboot") || !strcmp(name, "SetParameterAttributes") || !strcmp(name, "ScheduleInform") ||
      !strcmp(name, "FactoryReset")) {
    if (!strcmp(name, "Reboot")) {
      argument(message, "CommandKey", device->reboot_key, sizeof device->reboot_key);
      *reboots = true;
    }
    putf(out, "  <cwmp:%sResponse/>\n", name);
  } else {
    put_fault(out, 9000, "Method not supported", NULL);
  }
  close_envelope(out);
}
