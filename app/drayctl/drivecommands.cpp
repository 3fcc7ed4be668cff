#include "app/drayctl/addoptions.h"
#include "app/drayctl/flashoptions.h"
#include "app/drayctl/jobwatch.h"
#include "app/drayctl/printing.h"
#include "core/base/units.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QDir>
#include <QLocale>

#include <algorithm>

namespace app {

using namespace Qt::StringLiterals;

namespace {

QString driveLine(const QJsonObject &drive)
{
    const QString maker =
        u"%1 %2"_s.arg(drive[u"vendor"_s].toString(), drive[u"model"_s].toString()).simplified();
    const QString size =
        QLocale::c().formattedDataSize(drive[u"size"_s].toInteger(), 1, QLocale::DataSizeSIFormat);
    QStringList notes;
    if (const QString reason = drive[u"reason"_s].toString(); !reason.isEmpty())
        notes.append(reason);
    for (const QJsonValue point : drive[u"mounted"_s].toArray())
        notes.append(u"mounted at "_s + point.toString());
    return u"%1  %2  %3  %4  %5  %6"_s.arg(
        drive[u"selectable"_s].toBool() ? u"can be written "_s : u"is not written"_s,
        drive[u"path"_s].toString(), size, drive[u"id"_s].toString(),
        maker.isEmpty() ? u"-"_s : maker, notes.join(u"; "_s));
}

CommandResult devices(const Invocation &call, Terminal &terminal)
{
    if (!call.arguments.isEmpty())
        return usageError(u"drayctl devices: it takes no arguments"_s);
    const auto answer = callOnce(call, u"device.list"_s);
    if (!answer)
        return tl::unexpected(answer.error());
    const QJsonArray drives = (*answer)[u"drives"_s].toArray();
    if (call.json) {
        printJson(terminal, drives);
        return ExitCode::Done;
    }
    for (const QJsonValue drive : drives)
        terminal.out << driveLine(drive.toObject()).trimmed() << '\n';
    if (drives.isEmpty())
        terminal.out << "There is no drive.\n";
    return ExitCode::Done;
}

CommandResult flash(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOptions(flashOptions());
    options.addOption({u"wait"_s, u"Wait until it has ended."_s});
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const QStringList images = options.positionalArguments();
    if (images.size() != 1)
        return usageError(u"drayctl flash: name one image or URL"_s);
    const auto spec = flashSpecFrom(call, options, images.constFirst());
    if (!spec)
        return tl::unexpected(spec.error());
    return addAndWatch(call, {{*spec}, options.isSet(u"wait"_s)}, terminal);
}

/// The drives of an erasure as --erase names them: by serial where that tells them apart.
QString eraseOption(const QJsonObject &erasure, const QJsonArray &all)
{
    const QString serial = erasure[u"serial"_s].toString();
    const auto hasSerial = [&serial](const QJsonValue &other) {
        return other[u"serial"_s].toString() == serial;
    };
    const bool isItsOwn =
        !serial.isEmpty() && std::count_if(all.begin(), all.end(), hasSerial) == 1;
    return u" --erase "_s + (isItsOwn ? serial : erasure[u"drive"_s].toString());
}

void printQuestion(const QJsonObject &question, Terminal &terminal)
{
    const QString job = question[u"job"_s].toString();
    const qint64 leftMs =
        question[u"expiresAt"_s].toInteger() - QDateTime::currentMSecsSinceEpoch();
    const QJsonArray erases = question[u"erases"_s].toArray();
    terminal.out << u"job %1: \"%2\" wants to write %3 (%4 s left to answer)\n"_s.arg(
        job, question[u"asker"_s].toString(), question[u"image"_s].toString(),
        QString::number(std::max<qint64>(leftMs / 1000, 0)));
    QString yes = u"drayctl confirm "_s + job;
    for (const QJsonValue erasure : erases) {
        terminal.out << u"  erases %1: %2\n"_s.arg(erasure[u"words"_s].toString(),
                                                   erasure[u"contents"_s].toString());
        yes += eraseOption(erasure.toObject(), erases);
    }
    for (const QJsonValue caution : question[u"cautions"_s].toArray())
        terminal.out << "  careful: " << caution.toString() << '\n';
    terminal.out << "  yes: " << yes << "\n  no:  drayctl cancel " << job << '\n';
}

CommandResult listQuestions(const Invocation &call, Terminal &terminal)
{
    const auto answer = callOnce(call, u"flash.list"_s);
    if (!answer)
        return tl::unexpected(answer.error());
    const QJsonArray questions = (*answer)[u"questions"_s].toArray();
    if (call.json) {
        printJson(terminal, questions);
        return ExitCode::Done;
    }
    for (const QJsonValue question : questions)
        printQuestion(question.toObject(), terminal);
    if (questions.isEmpty())
        terminal.out << "Nothing waits for a yes.\n";
    return ExitCode::Done;
}

CommandResult confirm(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOption({u"erase"_s,
                       u"Yes, erase the drive with this <SERIAL-or-ID>; once per drive."_s,
                       u"SERIAL-or-ID"_s});
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const QStringList jobs = options.positionalArguments();
    const QStringList erase = options.values(u"erase"_s);
    if (jobs.isEmpty() && erase.isEmpty())
        return listQuestions(call, terminal);
    if (jobs.size() != 1)
        return usageError(u"drayctl confirm: name one job; `drayctl confirm` lists what waits"_s);
    const auto answer =
        callOnce(call, u"flash.confirm"_s,
                 {{u"job"_s, jobs.constFirst()}, {u"erase"_s, QJsonArray::fromStringList(erase)}});
    if (!answer)
        return tl::unexpected(answer.error());
    if (call.json)
        printJson(terminal, (*answer)[u"job"_s]);
    else
        terminal.out << u"job %1: queued\n"_s.arg(jobs.constFirst());
    return ExitCode::Done;
}

} // namespace

QList<CommandEntry> driveCommands()
{
    return {
        {u"devices"_s, {}, u"show the drives of this computer"_s, devices},
        {u"flash"_s,
         u"IMAGE-or-URL --device ID… --erase SERIAL-or-ID… [--sha256 HEX] [--bmap FILE] "
         "[--partition NAME] [--keep] [--limit RATE] [--no-verify] [--wait]"_s,
         u"write an image to drives; everything on them is lost"_s, flash},
        {u"confirm"_s, u"[ID --erase SERIAL-or-ID…]"_s,
         u"show what other programs want to erase, or say yes to one of them; cancel ID is no"_s,
         confirm},
    };
}

} // namespace app
