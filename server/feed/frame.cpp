#include "server/feed/frame.h"

namespace server {

Frame::Frame(QByteArrayView method, const QByteArray &params)
{
    static constexpr char Begin[] = R"({"jsonrpc":"2.0","method":")";
    static constexpr char Middle[] = R"(","params":)";
    m_message.reserve(qsizetype(sizeof(Begin) + sizeof(Middle)) + method.size() + params.size());
    m_message.append(Begin).append(method).append(Middle);
    m_paramsAt = m_message.size();
    m_message.append(params).append('}');
}

Frame Frame::event(const JournalEntry &entry, quint64 prev)
{
    return Frame("event",
                 R"({"seq":)" + QByteArray::number(entry.seq) + R"(,"prev":)"
                     + QByteArray::number(prev) + entry.tail);
}

Frame Frame::progress(core::Milliseconds wallTime, const QByteArray &rows)
{
    return Frame("progress",
                 R"({"time":)" + QByteArray::number(qint64(wallTime.count())) + R"(,"jobs":[)"
                     + rows + "]}");
}

QByteArrayView Frame::params() const
{
    return QByteArrayView(m_message).sliced(m_paramsAt).chopped(1);
}

} // namespace server
