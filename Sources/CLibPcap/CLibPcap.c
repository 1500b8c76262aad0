#include "CLibPcap.h"
