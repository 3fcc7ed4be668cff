#include "core/base/logging.h"

Q_LOGGING_CATEGORY(lcJobs, "dray.jobs", QtInfoMsg)
Q_LOGGING_CATEGORY(lcDownload, "dray.download", QtInfoMsg)
Q_LOGGING_CATEGORY(lcFlash, "dray.flash", QtInfoMsg)
Q_LOGGING_CATEGORY(lcStore, "dray.store", QtInfoMsg)
Q_LOGGING_CATEGORY(lcServer, "dray.server", QtInfoMsg)
Q_LOGGING_CATEGORY(lcHub, "dray.hub", QtInfoMsg)
