#include "ui/dialogs/checksumtext.h"

#include <QRegularExpression>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

/// The name of the algorithm whose digests have that many digits; they all differ. "" for none.
QString algorithmOf(qsizetype digits)
{
    using enum core::DigestAlgorithm;
    for (const core::DigestAlgorithm algorithm : {Md5, Sha1, Sha224, Sha256, Sha384, Sha512})
        if (2 * core::digestBytes(algorithm) == digits)
            return core::digestAlgorithmName(algorithm);
    return {};
}

/// "sha512" is written as often as "sha-512".
QString registeredName(const QString &name)
{
    static const QRegularExpression withoutHyphen(u"^sha(?=\\d)"_s);
    return name.trimmed().toLower().replace(withoutHyphen, u"sha-"_s);
}

} // namespace

core::Result<core::Checksum> checksumFromText(const QString &text)
{
    static const QRegularExpression separator(u"[=:]"_s);
    const qsizetype at = text.indexOf(separator);
    const QString hex = text.sliced(at + 1).trimmed();
    const QString name = at < 0 ? algorithmOf(hex.size()) : registeredName(text.left(at));
    return core::Checksum::parse(name + u'=' + hex);
}

} // namespace ui
