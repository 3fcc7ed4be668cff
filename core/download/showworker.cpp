#include "core/download/showworker.h"

#include "core/download/childprocess.h"
#include "core/download/desktopopen.h"

#include <QFileInfo>
#include <QUrl>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Asks the file manager, https://www.freedesktop.org/wiki/Specifications/file-manager-interface/.
ChildProcess::Command showItems(const QString &path)
{
    // In an array of dbus-send a comma ends the element.
    QString file = QString::fromLatin1(QUrl::fromLocalFile(path).toEncoded());
    file.replace(u',', u"%2C"_s);
    return {.program = u"dbus-send"_s,
            .arguments = {u"--session"_s, u"--print-reply"_s, u"--reply-timeout=5000"_s,
                          u"--dest=org.freedesktop.FileManager1"_s,
                          u"/org/freedesktop/FileManager1"_s,
                          u"org.freedesktop.FileManager1.ShowItems"_s, u"array:string:"_s + file,
                          u"string:"_s}};
}

} // namespace

Result<Outcome> ShowWorker::run(std::stop_token stop, ProgressCell &progress)
{
    if (!QFileInfo::exists(m_path))
        return fail(ErrorCode::NotFound, u"%1 is not there"_s.arg(m_path));
    const auto shown = m_how == How::Open ? openOnDesktop(m_path, stop, m_patience) : reveal(stop);
    if (shown && *shown == Outcome::Completed)
        progress.edit([this](JobDetails &details) { details.message = u"shown: "_s + m_path; });
    return shown;
}

Result<Outcome> ShowWorker::reveal(const std::stop_token &stop) const
{
    constexpr qsizetype LongestLine = qsizetype(1) << 20;
    if (const auto desktop = requireDesktop(); !desktop)
        return fail(desktop.error());
    const auto asked = ChildProcess(showItems(m_path))
                           .run(
                               stop, [](const QByteArray &) {}, LongestLine);
    if (asked && asked->isStopped)
        return Outcome::Stopped;
    if (asked && asked->exitCode == 0)
        return Outcome::Completed;
    return openOnDesktop(QFileInfo(m_path).path(), stop, m_patience); // no file manager answers
}

} // namespace core
