#include "core/download/commandline.h"

#include <QFileInfo>
#include <QHash>
#include <QProcess>
#include <QRegularExpression>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QString filledIn(const QString &argument, const QHash<QString, QString> &values)
{
    static const QRegularExpression placeholder(u"\\{([a-z0-9]+)\\}"_s);
    QString result;
    qsizetype end = 0;
    for (auto matches = placeholder.globalMatch(argument); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        result += argument.sliced(end, match.capturedStart() - end);
        result += values.value(match.captured(1), match.captured());
        end = match.capturedEnd();
    }
    return result + argument.sliced(end);
}

/// A name of the web must not become an option: it is found in the folder the command works in.
QString withoutOption(const QString &asked, const QString &filled)
{
    const bool isNew = filled.startsWith(u'-') && !asked.startsWith(u'-');
    return isNew ? u"./"_s + filled : filled;
}

} // namespace

QStringList commandLine(const QString &command, const CommandFacts &facts)
{
    const QFileInfo file(facts.path);
    const QHash<QString, QString> values{{u"path"_s, facts.path},
                                         {u"folder"_s, file.path()},
                                         {u"name"_s, file.fileName()},
                                         {u"url"_s, facts.url},
                                         {u"id"_s, facts.id},
                                         {u"sha256"_s, facts.sha256},
                                         {u"size"_s, QString::number(facts.bytes)}};
    QStringList arguments = QProcess::splitCommand(command);
    for (QString &argument : arguments)
        argument = withoutOption(argument, filledIn(argument, values));
    return arguments;
}

} // namespace core
