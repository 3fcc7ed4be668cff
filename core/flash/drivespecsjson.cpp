#include "core/flash/drivespecsjson.h"

#include "core/base/digest.h"
#include "core/base/memberjson.h"
#include "core/base/wrongvalue.h"

#include <QDir>
#include <QJsonArray>

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

/// Reads the texts of `object` that `rows` name into `spec`.
template<typename Spec>
struct TextMember {
    QLatin1StringView name;
    QString Spec::*text;
};

template<typename Spec, size_t N>
Result<Spec> readTexts(const QJsonObject &object, const TextMember<Spec> (&rows)[N])
{
    Spec spec;
    for (const auto &row : rows) {
        auto text = readText(object, row.name);
        if (!text)
            return fail(text.error());
        spec.*row.text = std::move(*text);
    }
    return spec;
}

template<typename Spec>
Result<Spec> checked(Spec spec)
{
    return checkSpec(spec).map([&spec] { return std::move(spec); });
}

Result<void> checkDrive(const QString &drive)
{
    if (drive.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"drive: name the drive"_s);
    return {};
}

Result<void> checkPath(QLatin1StringView member, const QString &path)
{
    const auto isControl = [](QChar c) { return c.category() == QChar::Other_Control; };
    const bool isFile = QDir::isAbsolutePath(path) && !path.endsWith(u'/')
        && std::none_of(path.cbegin(), path.cend(), isControl);
    return isFile ? Result<void>() : wrongValue(member, path, "the absolute path of a file");
}

Result<QStringList> readErase(const QJsonObject &object)
{
    const QJsonValue value = object.value("erase"_L1);
    if (!value.isUndefined() && !value.isNull() && !value.isArray())
        return wrongValue("erase"_L1, valueText(value), "a list of strings");
    QStringList names;
    for (const QJsonValue name : value.toArray()) {
        if (!name.isString() || name.toString().isEmpty())
            return wrongValue("erase"_L1, valueText(name), "a name");
        names.append(name.toString());
    }
    return names;
}

} // namespace

Result<void> checkSpec(const ReadSpec &spec)
{
    return checkDrive(spec.drive).and_then([&] { return checkPath("to"_L1, spec.to); });
}

Result<void> checkSpec(const CompareSpec &spec)
{
    if (!spec.sha256.isEmpty() && !isSha256Hex(spec.sha256))
        return wrongValue("sha256"_L1, spec.sha256, "64 hexadecimal digits");
    return checkDrive(spec.drive).and_then([&] { return checkPath("image"_L1, spec.image); });
}

Result<void> checkSpec(const FormatSpec &spec)
{
    return checkDrive(spec.drive).and_then([&] { return checkLabel(spec.fileSystem); });
}

Result<ReadSpec> readSpecFromJson(const QJsonObject &object)
{
    auto spec =
        readTexts<ReadSpec>(object, {{"drive"_L1, &ReadSpec::drive}, {"to"_L1, &ReadSpec::to}});
    if (!spec)
        return spec;
    const QJsonValue compress = object.value("compress"_L1);
    if (!compress.isUndefined() && !compress.isNull() && !compress.isBool())
        return wrongValue("compress"_L1, valueText(compress), "true or false");
    if (const auto right = checkSpec(*spec); !right)
        return fail(right.error());
    const bool isPacked = spec->to.endsWith(PackedEnding);
    if (isPacked && compress.isBool() && !compress.toBool())
        return wrongValue("to"_L1, spec->to, "a name for an image that is not packed");
    if (!isPacked && compress.toBool())
        spec->to += PackedEnding;
    return spec;
}

Result<CompareSpec> compareSpecFromJson(const QJsonObject &object)
{
    auto spec = readTexts<CompareSpec>(object,
                                       {{"drive"_L1, &CompareSpec::drive},
                                        {"image"_L1, &CompareSpec::image},
                                        {"sha256"_L1, &CompareSpec::sha256}});
    if (!spec)
        return spec;
    spec->sha256 = spec->sha256.toLower();
    return checked(std::move(*spec));
}

Result<FormatSpec> formatSpecFromJson(const QJsonObject &object)
{
    FormatSpec spec;
    const auto drive = readText(object, "drive"_L1);
    const auto fileSystem = readText(object, "fileSystem"_L1);
    const auto label = readText(object, "label"_L1);
    for (const auto &text : {drive, fileSystem, label})
        if (!text)
            return fail(text.error());
    auto erase = readErase(object);
    if (!erase)
        return fail(erase.error());
    const auto kind = newFileSystemFromName(*fileSystem);
    if (!fileSystem->isEmpty() && !kind)
        return wrongValue("fileSystem"_L1, *fileSystem, "exfat or fat32");
    spec.drive = *drive;
    spec.fileSystem = {kind.value_or(NewFileSystem::Kind::ExFat), *label};
    spec.erase = std::move(*erase);
    return checked(std::move(spec));
}

QJsonObject toJson(const ReadSpec &spec)
{
    return {{u"drive"_s, spec.drive}, {u"to"_s, spec.to}};
}

QJsonObject toJson(const CompareSpec &spec)
{
    QJsonObject object{{u"drive"_s, spec.drive}, {u"image"_s, spec.image}};
    if (!spec.sha256.isEmpty())
        object.insert("sha256"_L1, spec.sha256);
    return object;
}

QJsonObject toJson(const FormatSpec &spec)
{
    QJsonObject object{{u"drive"_s, spec.drive},
                       {u"fileSystem"_s, QString(newFileSystemName(spec.fileSystem.kind))}};
    if (!spec.fileSystem.label.isEmpty())
        object.insert("label"_L1, spec.fileSystem.label);
    if (!spec.erase.isEmpty())
        object.insert("erase"_L1, QJsonArray::fromStringList(spec.erase));
    return object;
}

} // namespace core
