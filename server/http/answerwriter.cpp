#include "server/http/answerwriter.h"

#include "server/http/httpdate.h"
#include "server/http/unsent.h"

namespace server {

namespace {

QByteArray contentRange(const RangeAnswer &part, qint64 size)
{
    const QByteArray whole = QByteArray::number(size);
    if (part.status == 416)
        return "bytes */" + whole;
    return "bytes " + QByteArray::number(part.begin) + '-' + QByteArray::number(part.end - 1) + '/'
        + whole;
}

void describe(Response &response, const RangeAnswer &part, const FileFacts &facts)
{
    response.status = part.status;
    response.headers.push_back({"Accept-Ranges", "bytes"});
    response.headers.push_back({"ETag", facts.etag});
    response.headers.push_back({"Last-Modified", httpDate(facts.modifiedAt)});
    if (part.status == 206 || part.status == 416)
        response.headers.push_back({"Content-Range", contentRange(part, facts.size)});
}

} // namespace

void AnswerWriter::prepare(HeadFacts facts, const QByteArray &method)
{
    m_facts = std::move(facts);
    m_isHeadRequest = method == "HEAD";
}

void AnswerWriter::writeHead(const Response &response, std::optional<qint64> contentLength)
{
    m_facts.contentLength = contentLength;
    m_facts.nowSeconds = m_clock.wallTime().count() / 1000;
    const bool hasBody = !m_isHeadRequest && !isBodiless(response.status);
    const QByteArray head = responseHead(response, m_facts);
    m_socket.write(hasBody ? head + response.body : head);
}

AnswerWriter::Result AnswerWriter::send(const Request &request, Response response)
{
    if (response.file)
        return sendFile(request, std::move(response));
    writeHead(response, response.body.size());
    return {State::Sent, response.status};
}

AnswerWriter::Result AnswerWriter::sendFile(const Request &request, Response response)
{
    FileStream file(std::move(response.file));
    RangeAnswer part{response.status, 0, file.facts().size};
    if (response.status == 200) {
        part = answerRange(request, file.facts());
        describe(response, part, file.facts());
    }
    response.body.clear();
    writeHead(response, part.end - part.begin);
    if (m_isHeadRequest || part.begin == part.end)
        return {State::Sent, part.status};
    file.select(part.begin, part.end);
    m_file = std::move(file);
    QObject::connect(&m_file->blocks(), &FileBlocks::ready, &m_file->blocks(), m_pumpAgain);
    return {pump(), part.status};
}

AnswerWriter::State AnswerWriter::pump()
{
    if (!m_file)
        return State::Sent;
    const FileStream::Pumped pumped = m_file->pump(m_socket, unsentBytes());
    if (pumped == FileStream::Pumped::More)
        return State::Sending;
    m_file.reset();
    return pumped == FileStream::Pumped::Done ? State::Sent : State::Broken;
}

void AnswerWriter::startStream(Response head)
{
    // HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
    if (m_facts.minorVersion == 0)
        m_facts.isKeptAlive = false;
    head.body.clear();
    writeHead(head, std::nullopt);
}

void AnswerWriter::write(const QByteArray &bytes)
{
    if (m_isHeadRequest || bytes.isEmpty()) // an empty chunk would end the body
        return;
    if (m_facts.minorVersion == 0)
        m_socket.write(bytes);
    else
        m_socket.write(QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n");
}

void AnswerWriter::finish()
{
    if (!m_isHeadRequest && m_facts.minorVersion > 0)
        m_socket.write("0\r\n\r\n");
}

qint64 AnswerWriter::unsentBytes() const
{
    return server::unsentBytes(m_socket);
}

} // namespace server
