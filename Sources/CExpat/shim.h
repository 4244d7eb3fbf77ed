#ifndef DAYBOOK_CEXPAT_SHIM_H
#define DAYBOOK_CEXPAT_SHIM_H
#include <expat.h>
#endif
