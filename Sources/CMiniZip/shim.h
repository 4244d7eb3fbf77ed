#ifndef DAYBOOK_CMINIZIP_SHIM_H
#define DAYBOOK_CMINIZIP_SHIM_H
#include <minizip/unzip.h>
#include <minizip/zip.h>
#include <zlib.h>
#endif
