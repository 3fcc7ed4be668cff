#include "app/drayctl/inputlist.h"

#include "core/base/checksum.h"

#include <QDir>
#include <QUrl>

namespace app {

using namespace Qt::StringLiterals;
using core::ErrorCode;

namespace {

tl::unexpected<core::Error> wrong(qsizetype line, const QString &why)
{
    return core::fail(ErrorCode::InvalidArgument, u"line %1: %2"_s.arg(line).arg(why));
}

core::Result<void> takeOption(InputEntry &entry, const QString &option, qsizetype line)
{
    const qsizetype equals = option.indexOf(u'=');
    const QString name = option.left(equals).trimmed();
    const QString value = equals < 0 ? QString() : option.sliced(equals + 1).trimmed();
    if (equals < 0 || value.isEmpty())
        return wrong(line, u"\"%1\" is not an option such as out=NAME"_s.arg(option));
    if (name == "out"_L1) {
        entry.members.insert(u"name"_s, value);
        return {};
    }
    if (name == "dir"_L1) {
        entry.members.insert(u"to"_s, QDir(value).absolutePath());
        return {};
    }
    if (name != "checksum"_L1)
        return wrong(line, u"the option %1 is not known; out, dir and checksum are"_s.arg(name));
    const auto checksum = core::Checksum::parse(value);
    if (!checksum)
        return wrong(line, checksum.error().context);
    entry.members.insert(u"checksum"_s, checksum->toText());
    return {};
}

} // namespace

core::Result<QList<InputEntry>> parseInputList(const QString &text)
{
    QList<InputEntry> entries;
    qsizetype number = 0;
    for (const QString &line : text.split(u'\n')) {
        ++number;
        const QString content = line.trimmed();
        if (content.isEmpty() || content.startsWith(u'#'))
            continue;
        if (!line.front().isSpace()) {
            entries.append({content, number, {}});
            continue;
        }
        if (entries.isEmpty())
            return wrong(number, u"the option \"%1\" stands before any link"_s.arg(content));
        if (const auto taken = takeOption(entries.last(), content, number); !taken)
            return core::fail(taken.error());
    }
    return entries;
}

} // namespace app
