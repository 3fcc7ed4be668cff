#include "core/download/freename.h"

#include "core/base/files.h"
#include "core/download/filename.h"

#include <QDir>
#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

Result<QString> renameToFreeName(const QString &from,
                                 const QString &to,
                                 const std::function<Result<void>(const QString &path)> &announce)
{
    constexpr int MaxNumber = 9999;
    const QFileInfo target(to);
    for (int number = 0; number <= MaxNumber; ++number) {
        const QString path = target.dir().filePath(numberedName(target.fileName(), number));
        if (const auto told = announce ? announce(path) : Result<void>(); !told)
            return fail(told.error());
        const auto renamed = renameNoReplace(from, path);
        if (renamed)
            return path;
        if (renamed.error().code != ErrorCode::FileExists)
            return fail(renamed.error());
    }
    return fail(ErrorCode::FileExists, u"%1 and its numbers are taken"_s.arg(to));
}

} // namespace core
