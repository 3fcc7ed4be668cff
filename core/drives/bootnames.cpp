#include "core/drives/bootnames.h"

#include "core/drives/udevrecord.h"

#include <QRegularExpression>

#include <array>
#include <optional>

namespace core {

using namespace Qt::StringLiterals;

namespace {

using Kind = BootName::Kind;

struct Prefix {
    QLatin1StringView text;
    Kind kind;
};

/// The links are udev's: they are read by what they say, which holds when udev has not made them.
constexpr std::array Prefixes = std::to_array<Prefix>({
    {"UUID="_L1, Kind::Uuid},
    {"LABEL="_L1, Kind::Label},
    {"CDLABEL="_L1, Kind::Label},
    {"PARTUUID="_L1, Kind::PartUuid},
    {"PARTLABEL="_L1, Kind::PartLabel},
    {"/dev/disk/by-uuid/"_L1, Kind::Uuid},
    {"/dev/disk/by-label/"_L1, Kind::Label},
    {"/dev/disk/by-partuuid/"_L1, Kind::PartUuid},
    {"/dev/disk/by-partlabel/"_L1, Kind::PartLabel},
    {"/dev/"_L1, Kind::Path},
});

/// The words of the line; what is in double quotes is one, and the quotes are gone, as the kernel does.
QStringList wordsOf(const QByteArray &commandLine)
{
    QStringList words{QString()};
    bool isQuoted = false;
    for (const QChar letter : QString::fromUtf8(commandLine)) {
        if (letter == u'"')
            isQuoted = !isQuoted;
        else if (letter.isSpace() && !isQuoted)
            words.append(QString());
        else
            words.last() += letter;
    }
    words.removeAll(QString());
    return words;
}

QString withoutEscapes(const QString &value)
{
    return QString::fromUtf8(withoutHexEscapes(value.toUtf8()));
}

/// What `device` names; nullopt: no block device.
std::optional<BootName> nameOfDevice(const QString &word, const QString &device)
{
    static const QRegularExpression number(u"^[0-9]+:[0-9]+$"_s);
    for (const auto &[text, kind] : Prefixes)
        if (device.startsWith(text) && device.size() > text.size())
            return BootName{word, kind,
                            kind == Kind::Path ? device : withoutEscapes(device.mid(text.size()))};
    if (number.match(device).hasMatch())
        return BootName{word, Kind::Number, device};
    return std::nullopt;
}

/// The /dev/mapper name of a logical volume "group/volume": dashes within the names are doubled.
QString mapperPath(const QString &volume)
{
    QString name = volume;
    return u"/dev/mapper/"_s + name.replace(u'-', "--"_L1).replace(u'/', u'-');
}

std::optional<BootName> nameOfWord(const QString &word)
{
    const QString option = word.section(u'=', 0, 0);
    QString value = word.section(u'=', 1);
    if (option == "root"_L1 && value.startsWith("live:"_L1))
        value.remove(0, 5);
    if (option == "rd.luks.uuid"_L1 || option == "luks.uuid"_L1)
        return nameOfDevice(word, u"UUID="_s + value.remove("luks-"_L1));
    if (option == "rd.lvm.lv"_L1)
        return nameOfDevice(word, mapperPath(value));
    // "PARTUUID=…/PARTNROFF=1" counts on from a partition of the same drive.
    return option == "root"_L1 || option == "resume"_L1
        ? nameOfDevice(word, value.section("/PARTNROFF="_L1, 0, 0))
        : std::nullopt;
}

} // namespace

QList<BootName> bootNamesOf(const QByteArray &commandLine)
{
    QList<BootName> names;
    for (const QString &word : wordsOf(commandLine))
        if (const auto name = nameOfWord(word))
            names.append(*name);
    return names;
}

} // namespace core
