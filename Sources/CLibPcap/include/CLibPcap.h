// libpcap as Debian packages it (libpcap-dev).
#include <pcap/pcap.h>
