#include "core/download/targetname.h"

#include "core/download/filename.h"

namespace core {

Landing::Naming namingFor(const DownloadSpec &spec, const QString &name)
{
    const QString seen = spec.name.isEmpty() ? safeFileName(nameFromUrl(spec.url)) : spec.name;
    if (spec.ifExists == IfExists::Overwrite)
        return name == seen ? Landing::Naming::Replacing : Landing::Naming::Derived;
    const bool isChosen = !spec.name.isEmpty() && spec.ifExists != IfExists::Rename;
    return isChosen ? Landing::Naming::Chosen : Landing::Naming::Derived;
}

} // namespace core
