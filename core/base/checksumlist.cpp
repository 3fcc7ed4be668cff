#include "core/base/checksumlist.h"

#include "core/base/names.h"

#include <QList>

#include <array>

namespace core {
namespace {

using namespace Qt::StringLiterals;

using Named = Name<DigestAlgorithm>;

/// As BSD's tools and coreutils' --tag write them.
constexpr std::array BsdNames = std::to_array<Named>({
    {DigestAlgorithm::Md5, "MD5"_L1},
    {DigestAlgorithm::Sha1, "SHA1"_L1},
    {DigestAlgorithm::Sha224, "SHA224"_L1},
    {DigestAlgorithm::Sha256, "SHA256"_L1},
    {DigestAlgorithm::Sha384, "SHA384"_L1},
    {DigestAlgorithm::Sha512, "SHA512"_L1},
});

struct Line {
    Checksum checksum;
    std::optional<QString> name; ///< nullopt: a bare digest
};

/// GNU lists name no algorithm: the length of the digest tells.
std::optional<Checksum> fromHex(const QString &hex)
{
    for (const Named &row : BsdNames)
        if (hex.size() == 2 * digestBytes(row.value))
            if (const auto checksum = Checksum::parse(digestAlgorithmName(row.value) + u'=' + hex))
                return *checksum;
    return std::nullopt;
}

/// A backslash before the digest says that "\\", "\n" and "\r" in the name stand for others.
QString unescaped(const QString &name)
{
    QString plain;
    for (qsizetype i = 0; i < name.size(); ++i) {
        const QChar next = i + 1 < name.size() ? name[i + 1] : QChar();
        if (name[i] != u'\\' || (next != u'\\' && next != u'n' && next != u'r')) {
            plain += name[i];
            continue;
        }
        plain += next == u'n' ? u'\n' : next == u'r' ? u'\r' : u'\\';
        ++i;
    }
    return plain;
}

std::optional<Line> readBsd(const QString &text)
{
    const qsizetype open = text.indexOf(u" ("_s);
    const qsizetype close = text.lastIndexOf(u") = "_s);
    if (open < 0 || close < open + 2)
        return std::nullopt;
    const auto algorithm = valueOf(BsdNames, text.first(open));
    const auto checksum = fromHex(text.sliced(close + 4).trimmed());
    if (!algorithm || !checksum || checksum->algorithm != *algorithm)
        return std::nullopt;
    return Line{*checksum, text.sliced(open + 2, close - open - 2)};
}

std::optional<Line> readGnu(const QString &text)
{
    const bool isEscaped = text.startsWith(u'\\');
    const QString line = isEscaped ? text.sliced(1) : text;
    const qsizetype space = line.indexOf(u' ');
    const auto checksum = fromHex(space < 0 ? line : line.first(space));
    if (!checksum)
        return std::nullopt;
    if (space < 0)
        return Line{*checksum, std::nullopt};
    QString name = line.sliced(space + 1);
    if (name.startsWith(u' ') || name.startsWith(u'*')) // text or binary mode
        name = name.sliced(1);
    return Line{*checksum, isEscaped ? unescaped(name) : name};
}

bool isNameOf(const QString &listed, const QString &name)
{
    return listed == name || listed == u"./"_s + name;
}

} // namespace

std::optional<Checksum> findChecksum(const QByteArray &text, const QString &name)
{
    std::optional<Checksum> best;
    std::optional<Checksum> contradicted;
    qsizetype lines = 0;
    std::optional<Checksum> bare;
    for (QByteArray raw : text.split('\n')) {
        if (raw.endsWith('\r'))
            raw.chop(1);
        const QString content = QString::fromUtf8(raw);
        if (content.trimmed().isEmpty())
            continue;
        ++lines;
        auto line = readBsd(content);
        if (!line)
            line = readGnu(content.trimmed());
        if (!line)
            continue;
        if (!line->name)
            bare = line->checksum;
        if (name.isEmpty() || !line->name || !isNameOf(*line->name, name))
            continue;
        if (!best || line->checksum.algorithm > best->algorithm)
            best = line->checksum;
        else if (line->checksum.algorithm == best->algorithm && line->checksum != *best)
            contradicted = best;
    }
    if (!best)
        return lines == 1 ? bare : std::nullopt;
    return contradicted && contradicted->algorithm == best->algorithm ? std::nullopt : best;
}

} // namespace core
