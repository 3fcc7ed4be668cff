#pragma once
#include "core/drives/drive.h"

namespace core {

/// Gives each of `drives`, whose ids are their hardware's, an id of its own: sticks of one series share
/// serials. Drives of `before` that are still plugged in keep the id they have there. Of the others the
/// one that appeared first gets the plain id, and those after it one that ends in "@" and their port.
void makeIdsUnique(QList<Drive> &drives, const QList<Drive> &before);

} // namespace core
