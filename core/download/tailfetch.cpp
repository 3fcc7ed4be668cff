#include "core/download/tailfetch.h"

#include <algorithm>
#include <array>

namespace core {

TailFetch::TailFetch(std::unique_ptr<HttpFetch> fetch,
                     const AskedRange &asked,
                     RemoteIdentity known)
    : m_fetch(std::move(fetch))
    , m_asked(asked)
    , m_known(std::move(known))
    , m_copy(asked.range.begin, asked.range.end)
{
    connect(m_fetch.get(), &HttpFetch::headReady, this, &TailFetch::onHead);
    connect(m_fetch.get(), &HttpFetch::bytesReady, this, &TailFetch::onBytes);
    connect(m_fetch.get(), &HttpFetch::ended, this, [this] { emit failed(); });
}

void TailFetch::abort()
{
    m_fetch->disconnect(this);
    m_fetch->abort();
}

void TailFetch::onHead(const ResponseHead &head)
{
    const Verdict verdict = judge(m_asked, &m_known, head);
    m_isAccepted = verdict == Verdict::Write;
    if (m_isAccepted)
        return;
    abort();
    if (verdict == Verdict::Changed)
        emit changed(head);
    else
        emit failed();
}

void TailFetch::onBytes()
{
    constexpr size_t BufferBytes = size_t(64) << 10;
    std::array<char, BufferBytes> buffer{};
    while (m_isAccepted && m_copy.missing() > 0) {
        const auto most = std::min(qint64(buffer.size()), m_copy.missing());
        const qint64 count = m_fetch->read({buffer.data(), size_t(most)});
        if (count <= 0)
            return;
        emit bytesReceived(count);
        if (!m_copy.add(TailCopy::Side::Second, {buffer.data(), size_t(count)})) {
            abort();
            emit differed();
            return;
        }
    }
    if (!m_isAccepted)
        return;
    // Its own end would follow and means nothing more.
    m_fetch->disconnect(this);
    emit completed();
}

} // namespace core
