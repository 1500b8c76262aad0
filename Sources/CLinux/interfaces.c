#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

// Carrier, as it is now; IFF_RUNNING follows it up to a second later. (linux/if.h, which names it, fights net/if.h.)
enum { LOWER_UP = 1 << 16 };

static uint32_t address_of(const struct sockaddr *address) {
  struct sockaddr_in value;
  memcpy(&value, address, sizeof value);
  return ntohl(value.sin_addr.s_addr);
}

static uint32_t mtu_of(int socket, const char *name) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  return ioctl(socket, SIOCGIFMTU, &request) ? 0 : (uint32_t)request.ifr_mtu;
}

static bool describe(const struct ifaddrs *item, int socket, struct linux_interface *row) {
  memset(row, 0, sizeof *row);
  snprintf(row->name, sizeof row->name, "%s", item->ifa_name);
  row->is_up = item->ifa_flags & IFF_UP;
  row->has_carrier = item->ifa_flags & LOWER_UP;
  row->is_loopback = item->ifa_flags & IFF_LOOPBACK;
  if (!item->ifa_addr) return false;
  if (item->ifa_addr->sa_family == AF_PACKET) {
    struct sockaddr_ll link;
    memcpy(&link, item->ifa_addr, sizeof link);
    row->index = (uint32_t)link.sll_ifindex;
    row->mtu = mtu_of(socket, item->ifa_name);
    row->has_hardware_address = link.sll_halen == 6 && link.sll_hatype == ARPHRD_ETHER;
    memcpy(row->hardware_address, link.sll_addr, 6);
    return true;
  }
  if (item->ifa_addr->sa_family == AF_INET && item->ifa_netmask) {
    row->has_address = true;
    row->address = address_of(item->ifa_addr);
    row->prefix_length = (uint8_t)__builtin_popcount(address_of(item->ifa_netmask));
    // An alias such as eth0:1 is an address of eth0.
    char *colon = strchr(row->name, ':');
    if (colon) *colon = 0;
    return true;
  }
  return false;
}

int linux_interfaces(struct linux_interface *rows, size_t capacity) {
  struct ifaddrs *list;
  if (getifaddrs(&list)) return -errno;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    int error = errno;
    freeifaddrs(list);
    return -error;
  }
  size_t count = 0;
  for (struct ifaddrs *item = list; item; item = item->ifa_next) {
    struct linux_interface row;
    if (!describe(item, fd, &row)) continue;
    if (count < capacity) rows[count] = row;
    count++;
  }
  close(fd);
  freeifaddrs(list);
  return (int)count;
}

int linux_interface_is_up(int socket, const char *name) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  return ioctl(socket, SIOCGIFFLAGS, &request) ? -errno : (request.ifr_flags & IFF_UP) != 0;
}

int linux_interface_set_up(const char *name, bool up) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  int result = ioctl(fd, SIOCGIFFLAGS, &request);
  if (!result) {
    if (up)
      request.ifr_flags |= IFF_UP;
    else
      request.ifr_flags &= ~IFF_UP;
    result = ioctl(fd, SIOCSIFFLAGS, &request);
  }
  int error = errno;
  close(fd);
  return result ? -error : 0;
}

// A netlink request with its attributes. 256 bytes hold any that is built here.
struct request {
  struct nlmsghdr header;
  union {
    struct ifaddrmsg address;
    struct rtmsg route;
  };
  char attributes[256];
};

static void add_attribute(struct request *request, uint16_t type, const void *value, uint16_t count) {
  struct rtattr *attribute = (struct rtattr *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = (uint16_t)RTA_LENGTH(count);
  memcpy(RTA_DATA(attribute), value, count);
  request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

// Sends the request and waits for the kernel's acknowledgement.
static int perform(struct request *request) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return -errno;
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  struct timeval patience = {.tv_sec = 2};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char rest[1024];
  } answer;
  int result;
  if (sendto(fd, request, request->header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0) {
    result = -errno;
  } else {
    ssize_t count = recv(fd, &answer, sizeof answer, 0);
    if (count < 0)
      result = -errno;
    else if ((size_t)count < NLMSG_LENGTH(sizeof answer.error) || answer.header.nlmsg_type != NLMSG_ERROR)
      result = -EPROTO;
    else
      result = answer.error.error;
  }
  close(fd);
  return result;
}

int linux_address_change(uint32_t interface_index, uint32_t address, uint8_t prefix_length, bool add) {
  struct request request;
  memset(&request, 0, sizeof request);
  request.header.nlmsg_len = NLMSG_LENGTH(sizeof request.address);
  request.header.nlmsg_type = add ? RTM_NEWADDR : RTM_DELADDR;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (add ? NLM_F_CREATE | NLM_F_REPLACE : 0);
  request.address.ifa_family = AF_INET;
  request.address.ifa_prefixlen = prefix_length;
  request.address.ifa_index = interface_index;
  uint32_t local = htonl(address);
  add_attribute(&request, IFA_LOCAL, &local, sizeof local);
  add_attribute(&request, IFA_ADDRESS, &local, sizeof local);
  if (add && prefix_length < 31) {
    uint32_t broadcast = htonl(address | (prefix_length ? ~(UINT32_MAX << (32 - prefix_length)) : UINT32_MAX));
    add_attribute(&request, IFA_BROADCAST, &broadcast, sizeof broadcast);
  }
  return perform(&request);
}

int linux_default_route_change(uint32_t interface_index, uint32_t gateway, bool add) {
  struct request request;
  memset(&request, 0, sizeof request);
  request.header.nlmsg_len = NLMSG_LENGTH(sizeof request.route);
  request.header.nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (add ? NLM_F_CREATE | NLM_F_REPLACE : 0);
  request.route.rtm_family = AF_INET;
  request.route.rtm_table = RT_TABLE_MAIN;
  request.route.rtm_scope = add ? RT_SCOPE_UNIVERSE : RT_SCOPE_NOWHERE;
  if (add) {
    request.route.rtm_protocol = RTPROT_DHCP;
    request.route.rtm_type = RTN_UNICAST;
    uint32_t via = htonl(gateway);
    add_attribute(&request, RTA_GATEWAY, &via, sizeof via);
  }
  add_attribute(&request, RTA_OIF, &interface_index, sizeof interface_index);
  // Behind any route that the machine itself has, so that it is never replaced.
  uint32_t metric = 1024;
  add_attribute(&request, RTA_PRIORITY, &metric, sizeof metric);
  return perform(&request);
}
