#include "core/download/piecehashesjson.h"

#include "core/base/digest.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> wrong(const QString &why)
{
    return fail(ErrorCode::InvalidArgument, u"pieces: "_s + why);
}

} // namespace

Result<std::optional<PieceHashes>> pieceHashesFromJson(const QJsonValue &value)
{
    if (value.isUndefined() || value.isNull())
        return std::nullopt;
    const QJsonObject object = value.toObject();
    const QString name = object["algorithm"_L1].toString();
    const auto algorithm = digestAlgorithmFromName(name);
    if (!algorithm)
        return wrong(
            u"algorithm \"%1\" is none of md5, sha-1, sha-224, sha-256, sha-384, sha-512"_s.arg(
                name));
    if (!Digest::isOffered(*algorithm))
        return fail(ErrorCode::Unsupported,
                    u"the crypto library of this system does not offer %1"_s.arg(name));
    PieceHashes pieces{*algorithm, object["length"_L1].toInteger(), {}};
    if (pieces.pieceBytes < PieceHashes::LeastPieceBytes)
        return wrong(u"length %1 is not at least %2 bytes"_s.arg(pieces.pieceBytes)
                         .arg(PieceHashes::LeastPieceBytes));
    const auto decoded = QByteArray::fromBase64Encoding(object["hashes"_L1].toString().toLatin1(),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return wrong(u"hashes are not base64"_s);
    pieces.digests = *decoded;
    const qsizetype width = digestBytes(*algorithm);
    if (pieces.digests.isEmpty() || pieces.digests.size() % width != 0)
        return wrong(
            u"hashes of %1 bytes are no digests of %2 bytes each"_s.arg(pieces.digests.size())
                .arg(width));
    if (pieces.count() > PieceHashes::MostPieces)
        return wrong(
            u"%1 hashes are more than %2"_s.arg(pieces.count()).arg(PieceHashes::MostPieces));
    return pieces;
}

QJsonObject toJson(const PieceHashes &pieces)
{
    return {{u"algorithm"_s, digestAlgorithmName(pieces.algorithm)},
            {u"length"_s, pieces.pieceBytes},
            {u"hashes"_s, QString::fromLatin1(pieces.digests.toBase64())}};
}

} // namespace core
