#pragma once
#include <QList>
#include <QUrl>

namespace core {

/// The URLs that one file can be had from, and which of them is asked. Pure.
class SourceUrls
{
public:
    /// The user's URL, then the mirrors.
    SourceUrls(const QUrl &url, const QList<QUrl> &mirrors)
        : m_urls(QList<QUrl>{url} + mirrors)
    { }

    [[nodiscard]] const QUrl &current() const { return m_urls.at(m_current); }
    /// The user's URL becomes `url`, the same with a login.
    void replaceFirst(const QUrl &url) { m_urls.first() = url; }
    /// The current one failed: the next is asked. False when all have failed since onProgress().
    [[nodiscard]] bool moveOn();
    /// The current one has another file, or cannot go on from what is here: it is not asked again.
    /// False when it is the only one.
    [[nodiscard]] bool leaveOut();
    void onProgress() { m_failed = 0; }

private:
    QList<QUrl> m_urls;
    qsizetype m_current = 0;
    qsizetype m_failed = 0; ///< one after the other
};

} // namespace core
