// A simulated router: its TR-098 parameters as a Comware router has them, what it was set to, and how far it has come.
#pragma once
#include "digest.h"

#define ROOT "InternetGatewayDevice."
#define WAN ROOT "WANDevice.1.WANConnectionDevice.1.WANIPConnection.1."
#define MANUFACTURER "H3C"
#define OUI "000FE2"
#define PRODUCT_CLASS "MSR36-20"

// Where a value comes from that is not the same in all of them.
enum source { literal, serial_number, connection_request_url, external_address, mac_address, up_time, local_time };

struct leaf {
  const char *path, *type, *value;
  enum source source;
  // Secrets read back empty.
  bool is_writable, is_secret;
};

// In the order of their paths, so that those of one object are together.
static const struct leaf leaves[] = {
    {ROOT "DeviceConfig.ConfigFile", "string", "", literal, true, false},
    {ROOT "DeviceInfo.Description", "string", "H3C MSR36-20 Router", literal, false, false},
    {ROOT "DeviceInfo.FirstUseDate", "dateTime", "2026-01-01T00:00:00Z", literal, false, false},
    {ROOT "DeviceInfo.HardwareVersion", "string", "2.0", literal, false, false},
    {ROOT "DeviceInfo.Manufacturer", "string", MANUFACTURER, literal, false, false},
    {ROOT "DeviceInfo.ManufacturerOUI", "string", OUI, literal, false, false},
    {ROOT "DeviceInfo.ModelName", "string", PRODUCT_CLASS, literal, false, false},
    {ROOT "DeviceInfo.ProductClass", "string", PRODUCT_CLASS, literal, false, false},
    {ROOT "DeviceInfo.ProvisioningCode", "string", "PROVISIONINGCODE", literal, true, false},
    {ROOT "DeviceInfo.SerialNumber", "string", "", serial_number, false, false},
    {ROOT "DeviceInfo.SoftwareVersion", "string", "7.1.064, Release 0821P20", literal, false, false},
    {ROOT "DeviceInfo.SpecVersion", "string", "1.0", literal, false, false},
    {ROOT "DeviceInfo.UpTime", "unsignedInt", "", up_time, false, false},
    {ROOT "DeviceSummary", "string", "InternetGatewayDevice:1.1[](Baseline:1, EthernetLAN:1, EthernetWAN:1, Time:1, IPPing:1)",
     literal, false, false},
    {ROOT "LANDevice.1.LANEthernetInterfaceConfig.1.Enable", "boolean", "1", literal, true, false},
    {ROOT "LANDevice.1.LANEthernetInterfaceConfig.1.MACAddress", "string", "", mac_address, false, false},
    {ROOT "LANDevice.1.LANEthernetInterfaceConfig.1.Status", "string", "Up", literal, false, false},
    {ROOT "LANDevice.1.LANHostConfigManagement.DHCPServerEnable", "boolean", "0", literal, true, false},
    {ROOT "LANDevice.1.LANHostConfigManagement.MaxAddress", "string", "192.168.1.254", literal, true, false},
    {ROOT "LANDevice.1.LANHostConfigManagement.MinAddress", "string", "192.168.1.2", literal, true, false},
    {ROOT "ManagementServer.ConnectionRequestPassword", "string", "", literal, true, true},
    {ROOT "ManagementServer.ConnectionRequestURL", "string", "", connection_request_url, false, false},
    {ROOT "ManagementServer.ConnectionRequestUsername", "string", "", literal, true, false},
    {ROOT "ManagementServer.ParameterKey", "string", "", literal, false, false},
    {ROOT "ManagementServer.Password", "string", "", literal, true, true},
    {ROOT "ManagementServer.PeriodicInformEnable", "boolean", "0", literal, true, false},
    {ROOT "ManagementServer.PeriodicInformInterval", "unsignedInt", "600", literal, true, false},
    {ROOT "ManagementServer.PeriodicInformTime", "dateTime", "0001-01-01T00:00:00Z", literal, true, false},
    {ROOT "ManagementServer.URL", "string", "", literal, true, false},
    {ROOT "ManagementServer.UpgradesManaged", "boolean", "0", literal, true, false},
    {ROOT "ManagementServer.Username", "string", "", literal, true, false},
    {ROOT "Time.CurrentLocalTime", "dateTime", "", local_time, false, false},
    {ROOT "Time.LocalTimeZone", "string", "+00:00", literal, true, false},
    {ROOT "Time.NTPServer1", "string", "", literal, true, false},
    {ROOT "Time.NTPServer2", "string", "", literal, true, false},
    {ROOT "WANDevice.1.WANCommonInterfaceConfig.PhysicalLinkStatus", "string", "Up", literal, false, false},
    {ROOT "WANDevice.1.WANCommonInterfaceConfig.WANAccessType", "string", "Ethernet", literal, false, false},
    {WAN "AddressingType", "string", "DHCP", literal, true, false},
    {WAN "ConnectionStatus", "string", "Connected", literal, false, false},
    {WAN "DNSEnabled", "boolean", "1", literal, true, false},
    {WAN "Enable", "boolean", "1", literal, true, false},
    {WAN "ExternalIPAddress", "string", "", external_address, false, false},
    {WAN "MACAddress", "string", "", mac_address, false, false},
    {WAN "NATEnabled", "boolean", "1", literal, true, false},
    {WAN "Name", "string", "GigabitEthernet0/0", literal, true, false},
    {WAN "Uptime", "unsignedInt", "", up_time, false, false},
};
enum { leaf_count = sizeof leaves / sizeof *leaves };

// What each Inform carries: the forced ones of TR-098, and those whose changes are told.
static const char *const informed[] = {
    ROOT "DeviceSummary",
    ROOT "DeviceInfo.SpecVersion",
    ROOT "DeviceInfo.HardwareVersion",
    ROOT "DeviceInfo.SoftwareVersion",
    ROOT "DeviceInfo.ProvisioningCode",
    ROOT "ManagementServer.ParameterKey",
    ROOT "ManagementServer.ConnectionRequestURL",
    WAN "ExternalIPAddress",
    ROOT "DeviceInfo.ModelName",
    WAN "MACAddress",
};
enum { informed_count = sizeof informed / sizeof *informed };

// Events by the digit of their code; the two without one come last.
enum event { bootstrap = 0, boot = 1, periodic = 2, transfer_complete = 7, m_download = 10, m_reboot = 11, event_count };
static const char *const event_codes[event_count] = {
    "0 BOOTSTRAP",         "1 BOOT",           "2 PERIODIC",           "3 SCHEDULED",
    "4 VALUE CHANGE",      "5 KICKED",         "6 CONNECTION REQUEST", "7 TRANSFER COMPLETE",
    "8 DIAGNOSTICS COMPLETE", "9 REQUEST DOWNLOAD", "M Download",        "M Reboot",
};

// The steps of a plan, as they are asked for by letters.
enum { goal_periodic = 1, goal_credentials = 2, goal_file = 4, goal_boot = 8, goal_read = 16 };

struct setting {
  struct setting *next;
  int leaf;
  char value[];
};

struct device {
  uint32_t number;
  // In the order of the host; 0 for whichever the kernel takes.
  uint32_t address;
  struct setting *settings;
  struct challenge challenge;
  uint16_t events, retries;
  uint8_t goals;
  // In a session, or due for one.
  bool is_busy, is_done;
  char download_key[33], reboot_key[33];
  // The file that is to be fetched next.
  char *url;
  long file_size;
  int fetches, transfer_fault;
  // When it came first, and when its session is due.
  double began, due;
};

static int leaf_of(const char *path, size_t size) {
  for (int i = 0; i < leaf_count; i++)
    if (!strncmp(leaves[i].path, path, size) && !leaves[i].path[size]) return i;
  return -1;
}

static const char *set_value(const struct device *device, int leaf) {
  for (const struct setting *setting = device->settings; setting; setting = setting->next)
    if (setting->leaf == leaf) return setting->value;
  return NULL;
}

static void set(struct device *device, int leaf, const char *value, size_t size) {
  struct setting **place = &device->settings;
  while (*place && (*place)->leaf != leaf) place = &(*place)->next;
  struct setting *next = *place ? (*place)->next : NULL;
  if (!(*place = realloc(*place, sizeof **place + size + 1))) give_up("memory");
  (*place)->next = next;
  (*place)->leaf = leaf;
  memcpy((*place)->value, value, size);
  (*place)->value[size] = 0;
}

static void put_serial_number(struct text *out, const struct device *device) {
  putf(out, "210235A1AB%08u", device->number);
}

static void put_address(struct text *out, const struct device *device) {
  uint32_t address = device->address ? device->address : 10u << 24 | (device->number & 0xffffff);
  putf(out, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
}

static void put_moment(struct text *out) {
  char moment[32];
  time_t seconds = time(NULL);
  struct tm parts;
  strftime(moment, sizeof moment, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
  put(out, moment);
}

static void put_escaped(struct text *out, const char *string) {
  for (; *string; string++) {
    switch (*string) {
    case '&': put(out, "&amp;"); break;
    case '<': put(out, "&lt;"); break;
    case '>': put(out, "&gt;"); break;
    default: put_bytes(out, string, 1);
    }
  }
}

static void put_value(struct text *out, const struct device *device, int leaf) {
  const char *set_to = set_value(device, leaf);
  if (leaves[leaf].is_secret) return;
  if (set_to) {
    put_escaped(out, set_to);
    return;
  }
  switch (leaves[leaf].source) {
  case literal: put_escaped(out, leaves[leaf].value); break;
  case serial_number: put_serial_number(out, device); break;
  case connection_request_url:
    put(out, "http://");
    put_address(out, device);
    putf(out, ":7547/%08x", device->number * 2654435761u);
    break;
  case external_address: put_address(out, device); break;
  case mac_address:
    putf(
        out, "02:50:%02X:%02X:%02X:%02X", device->number >> 24, device->number >> 16 & 255, device->number >> 8 & 255,
        device->number & 255);
    break;
  case up_time: putf(out, "%ld", (long)now()); break;
  case local_time: put_moment(out); break;
  }
}

// What of the devices must outlive a run: one line each, `NUMBER<TAB>PATH=VALUE<TAB>…`.
static void save_devices(const char *name, const struct device *devices, int count) {
  char temporary[4096];
  snprintf(temporary, sizeof temporary, "%s.new", name);
  FILE *file = fopen(temporary, "w");
  if (!file) give_up(temporary);
  for (int i = 0; i < count; i++) {
    if (!devices[i].settings) continue;
    fprintf(file, "%u", devices[i].number);
    for (const struct setting *setting = devices[i].settings; setting; setting = setting->next)
      fprintf(file, "\t%s=%s", leaves[setting->leaf].path + strlen(ROOT), setting->value);
    fputc('\n', file);
  }
  if (fclose(file) || rename(temporary, name)) give_up(name);
}

// False where there is no such file.
static bool load_devices(const char *name, struct device *devices, int count) {
  FILE *file = fopen(name, "r");
  if (!file) return false;
  char *line = NULL;
  size_t room = 0;
  uint32_t first = devices[0].number;
  for (ssize_t size; (size = getline(&line, &room, file)) > 0;) {
    if (line[size - 1] == '\n') line[size - 1] = 0;
    char *rest = line, *word = strsep(&rest, "\t");
    uint32_t place = (uint32_t)strtoul(word, NULL, 10) - first;
    while (place < (uint32_t)count && (word = strsep(&rest, "\t"))) {
      char path[256], *equals = strchr(word, '=');
      if (!equals) continue;
      snprintf(path, sizeof path, ROOT "%.*s", (int)(equals - word), word);
      int leaf = leaf_of(path, strlen(path));
      if (leaf >= 0) set(&devices[place], leaf, equals + 1, strlen(equals + 1));
    }
  }
  free(line);
  fclose(file);
  return true;
}
