#include "core/base/filehash.h"

namespace core {

QByteArray FileHash::Digests::by(DigestAlgorithm algorithm) const
{
    if (algorithm == DigestAlgorithm::Sha256)
        return sha256;
    return other && other->algorithm == algorithm ? other->digest : QByteArray();
}

FileHash::FileHash(std::optional<DigestAlgorithm> also)
{
    if (also && *also != DigestAlgorithm::Sha256)
        m_other.emplace(*also);
}

void FileHash::add(std::span<const char> bytes)
{
    m_sha256.add(bytes);
    if (m_other)
        m_other->add(bytes);
}

FileHash::Digests FileHash::finish()
{
    Digests digests{m_sha256.finish(), std::nullopt};
    if (m_other)
        digests.other = Checksum{m_other->algorithm(), m_other->finish()};
    return digests;
}

} // namespace core
