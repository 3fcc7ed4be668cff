#include "core/stepworkjson.h"

#include "core/base/digest.h"
#include "core/base/memberjson.h"
#include "core/base/wrongvalue.h"
#include "core/download/commandworker.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject objectOf(const QByteArray &stored)
{
    return QJsonDocument::fromJson(stored).object();
}

/// A clean absolute path: ".." behind a link would lead elsewhere than the text says.
Result<QString> readPath(const QJsonObject &object, QLatin1StringView member)
{
    auto path = readText(object, member);
    if (!path || path->isEmpty())
        return path;
    if (!QDir::isAbsolutePath(*path) || path->contains(QChar::Null))
        return wrongValue(member, *path, "an absolute path");
    return QDir::cleanPath(*path);
}

Result<QString> readFile(const QJsonObject &object)
{
    auto file = readPath(object, "file"_L1);
    return file && file->isEmpty() ? wrongValue("file"_L1, *file, "an absolute path") : file;
}

} // namespace

QByteArray encodeSpec(const VerifySpec &spec)
{
    return compact({{u"file"_s, spec.file}, {u"sha256"_s, spec.sha256}});
}

QByteArray encodeSpec(const ExtractSpec &spec)
{
    return compact({{u"file"_s, spec.archive}, {u"to"_s, spec.to}});
}

QByteArray encodeSpec(const CommandStep &step)
{
    return compact(
        {{u"arguments"_s, QJsonArray::fromStringList(step.arguments)}, {u"file"_s, step.file}});
}

Result<VerifySpec> decodeVerifySpec(const QByteArray &stored)
{
    const QJsonObject object = objectOf(stored);
    const auto file = readFile(object);
    if (!file)
        return fail(file.error());
    const auto sha256 = readText(object, "sha256"_L1);
    if (!sha256)
        return fail(sha256.error());
    if (!isSha256Hex(*sha256))
        return wrongValue("sha256"_L1, *sha256, "64 hexadecimal digits");
    return VerifySpec{*file, sha256->toLower()};
}

Result<ExtractSpec> decodeExtractSpec(const QByteArray &stored)
{
    const QJsonObject object = objectOf(stored);
    const auto file = readFile(object);
    if (!file)
        return fail(file.error());
    const auto to = readPath(object, "to"_L1);
    if (!to)
        return fail(to.error());
    return ExtractSpec{*file, to->isEmpty() ? QFileInfo(*file).path() : *to};
}

Result<CommandStep> decodeCommandStep(const QByteArray &stored)
{
    const QJsonObject object = objectOf(stored);
    const auto file = readPath(object, "file"_L1);
    if (!file)
        return fail(file.error());
    CommandStep step{{}, *file};
    for (const QJsonValue argument : object["arguments"_L1].toArray())
        step.arguments.append(argument.toString());
    if (step.arguments.value(0).isEmpty())
        return fail(ErrorCode::InvalidArgument, u"command: it names no program"_s);
    return step;
}

bool isStepSpec(const QByteArray &stored)
{
    return !objectOf(stored).contains("after"_L1);
}

Result<std::unique_ptr<JobWorker>> makeStepWorker(const JobSnapshot &job, const QString &jobKey)
{
    using Worker = std::unique_ptr<JobWorker>;
    if (job.kind == JobKind::Verify)
        return decodeVerifySpec(job.spec).map(
            [](const VerifySpec &spec) -> Worker { return std::make_unique<VerifyWorker>(spec); });
    if (job.kind == JobKind::Extract)
        return decodeExtractSpec(job.spec).map([&](const ExtractSpec &spec) -> Worker {
            return std::make_unique<ExtractWorker>(spec, jobKey);
        });
    return decodeCommandStep(job.spec).map([&](const CommandStep &step) -> Worker {
        const CommandFacts facts{
            .path = step.file, .url = {}, .id = job.id.toString(), .sha256 = {}};
        return std::make_unique<CommandWorker>(step.arguments, facts);
    });
}

} // namespace core
