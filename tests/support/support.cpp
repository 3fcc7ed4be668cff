#include "tests/support/eventrecorder.h"
#include "tests/support/fakeclock.h"
