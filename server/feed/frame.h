#pragma once
#include "server/feed/journal.h"

namespace server {

/// One notification of the feed, encoded. Copies share the bytes.
class Frame
{
public:
    /// `{"seq":…,"prev":…,…}` of an event for a reader whose event before was `prev`.
    [[nodiscard]] static Frame event(const JournalEntry &entry, quint64 prev);
    /// `{"time":…,"jobs":[rows]}`. `rows` are encoded and joined by commas.
    [[nodiscard]] static Frame progress(core::Milliseconds wallTime, const QByteArray &rows);

    /// The JSON-RPC notification.
    [[nodiscard]] const QByteArray &message() const { return m_message; }
    /// Its params alone.
    [[nodiscard]] QByteArrayView params() const;

private:
    Frame(QByteArrayView method, const QByteArray &params);

    QByteArray m_message;
    qsizetype m_paramsAt = 0;
};

} // namespace server
