#pragma once
#include <QNetworkAccessManager>
#include <QSet>

namespace core {

/// A network manager that knows whether its requests followed each other. As long as they do it has one
/// open connection to a host at most: it opens another only when that one is busy or gone.
/// Threads: used on one at a time; moves to another only without a reply.
class CountingAccess final : public QNetworkAccessManager
{
    Q_OBJECT
public:
    using QNetworkAccessManager::QNetworkAccessManager;

    /// Whether two requests were never under way at the same time.
    [[nodiscard]] bool wasOneAtATime() const { return m_wasOneAtATime; }

protected:
    QNetworkReply *createRequest(Operation operation,
                                 const QNetworkRequest &request,
                                 QIODevice *outgoing) override;

private:
    QSet<const QObject *> m_open; ///< replies that have not finished
    bool m_wasOneAtATime = true;
};

} // namespace core
