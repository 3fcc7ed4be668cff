#include "core/download/endproof.h"

#include "core/base/logging.h"
#include "core/base/shownurl.h"
#include "core/base/units.h"

#include <QNetworkAccessManager>

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr qint64 BufferBytes = 256_KiB;
constexpr std::chrono::milliseconds PaceInterval{50};

int statusOf(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

} // namespace

EndProof::Way EndProof::wayFor(const ResponseHead &head)
{
    if (head.contentLength >= 0 || head.contentRange || head.checksum)
        return Way::None;
    if (head.isChunked)
        return head.closesConnection ? Way::SecondAnswer : Way::KeptConnection;
    return head.url.scheme() == "https"_L1 ? Way::SecondAnswer : Way::None;
}

EndProof::EndProof(QNetworkAccessManager &manager,
                   QNetworkRequest request,
                   RequestTimeouts timeouts)
    : m_manager(manager)
    , m_request(std::move(request))
    , m_timeouts(timeouts)
{
    m_silence.setSingleShot(true);
    m_pace.setInterval(PaceInterval);
    connect(&m_silence, &QTimer::timeout, this, [this] { doubt(u"asked again, it is silent"_s); });
    connect(&m_pace, &QTimer::timeout, this, &EndProof::readSome);
}

EndProof::~EndProof()
{
    if (m_reply)
        m_reply->disconnect(this);
}

void EndProof::askOnKeptConnection()
{
    m_silence.start(m_timeouts.connect);
    m_reply.reset(m_manager.head(m_request));
    // A request on a dead connection is sent again on another one: only its answer proves anything.
    const auto disprove = [this] { doubt(u"the connection closed before the last chunk"_s); };
    connect(m_reply.get(), &QNetworkReply::socketStartedConnecting, this, disprove);
    connect(m_reply.get(), &QNetworkReply::metaDataChanged, this, [this] { endWith({}); });
    connect(m_reply.get(), &QNetworkReply::finished, this, disprove);
}

void EndProof::countSecondAnswer(const Body &body)
{
    qCInfo(lcDownload).noquote() << shownUrl(m_request.url())
                                 << "told no length: asked again to count its bytes";
    m_body = body;
    m_silence.start(m_timeouts.connect);
    m_reply.reset(m_manager.get(m_request));
    m_reply->setReadBufferSize(BufferBytes);
    connect(m_reply.get(), &QNetworkReply::metaDataChanged, this, &EndProof::onSecondHead);
    connect(m_reply.get(), &QNetworkReply::finished, this, &EndProof::onSecondEnd);
}

void EndProof::onSecondHead()
{
    const int status = statusOf(*m_reply);
    if (status < 200 || m_pace.isActive())
        return;
    const ResponseHead head =
        readResponseHead(status, m_reply->rawHeaderPairs(), QDateTime::currentDateTimeUtc());
    if (status != 200)
        return doubt(u"asked again, it answers %1"_s.arg(status));
    if (head.contentLength == m_body.bytes)
        return endWith({});
    m_begin = std::chrono::steady_clock::now();
    m_pace.start();
    connect(m_reply.get(), &QNetworkReply::readyRead, this, &EndProof::readSome);
}

void EndProof::readSome()
{
    using Milliseconds = std::chrono::milliseconds;
    if (m_hasEnded)
        return;
    const auto passed =
        std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - m_begin);
    const double share = double((passed + PaceInterval).count())
        / double(std::max(m_body.took, PaceInterval).count());
    const qint64 allowed = qint64(share * double(m_body.bytes)) + BufferBytes - m_counted;
    const qint64 count = m_reply->read(std::max<qint64>(0, allowed)).size();
    m_counted += count;
    if (count > 0 || m_reply->bytesAvailable() > 0)
        m_silence.start(m_timeouts.stall);
    if (m_counted > m_body.bytes)
        return doubt(u"asked again, it sends more than %1 bytes"_s.arg(m_body.bytes));
    if (m_reply->isFinished() && m_reply->bytesAvailable() == 0)
        onSecondEnd();
}

void EndProof::onSecondEnd()
{
    if (m_reply->error() != QNetworkReply::NoError)
        return doubt(u"asked again: %1"_s.arg(shownText(m_reply->errorString())));
    if (!m_pace.isActive()) // no body, so nothing told of the head
        onSecondHead();
    if (m_hasEnded || m_reply->bytesAvailable() > 0)
        return; // the rest is read at its pace
    if (m_counted == m_body.bytes)
        return endWith({});
    doubt(u"it sent %1 bytes and, asked again, %2"_s.arg(m_body.bytes).arg(m_counted));
}

void EndProof::doubt(const QString &why)
{
    const QString url = shownUrl(m_request.url());
    endWith(Error{ErrorCode::Network, u"%1: %2"_s.arg(url, why)});
}

void EndProof::endWith(const std::optional<Error> &doubt)
{
    if (std::exchange(m_hasEnded, true))
        return;
    m_silence.stop();
    m_pace.stop();
    emit ended(doubt);
}

} // namespace core
