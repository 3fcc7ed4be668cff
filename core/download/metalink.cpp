#include "core/download/metalink.h"

#include "core/base/digest.h"
#include "core/base/quoted.h"
#include "core/download/filename.h"

#include <QXmlStreamReader>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr auto Namespace = "urn:ietf:params:xml:ns:metalink"_L1;
constexpr int LastPriority = 999'999; // RFC 5854 §4.2.16.2

/// RFC 5854 §4.2.4 wants "sha-256"; some documents say "sha256". nullopt: one that we do not know.
std::optional<DigestAlgorithm> algorithmOf(QString type)
{
    type = type.trimmed().toLower();
    if (type.startsWith("sha"_L1) && !type.startsWith("sha-"_L1))
        type.insert(3, u'-');
    const auto algorithm = digestAlgorithmFromName(type);
    return algorithm && Digest::isOffered(*algorithm) ? algorithm : std::nullopt;
}

struct PlacedUrl {
    QUrl url;
    int priority = LastPriority;
};

/// Reads the document from top to bottom; a function an element.
class MetalinkReader
{
public:
    explicit MetalinkReader(const QByteArray &document)
        : m_xml(document)
    { }

    [[nodiscard]] Result<QList<MetalinkFile>> read()
    {
        if (m_xml.readNextStartElement())
            readRoot();
        if (m_xml.hasError() && !m_error)
            wrong(quotable(m_xml.errorString()));
        if (!m_error && m_files.isEmpty())
            wrong(u"it describes no file"_s);
        if (m_error)
            return fail(*m_error);
        return m_files;
    }

private:
    void readRoot()
    {
        const bool isMetalink = m_xml.name() == "metalink"_L1;
        if (isMetalink && m_xml.namespaceUri() != Namespace)
            return refuse(ErrorCode::Unsupported,
                          u"it is of version 3 or older; version 4 (\".meta4\") is supported"_s);
        if (!isMetalink)
            return wrong(u"<%1> is not <metalink>"_s.arg(quotable(m_xml.name().toString())));
        while (!m_error && m_xml.readNextStartElement()) {
            if (m_xml.name() == "file"_L1)
                readFile();
            else
                m_xml.skipCurrentElement();
        }
    }

    void readFile()
    {
        if (m_files.size() == MostMetalinkFiles)
            return refuse(ErrorCode::LimitExceeded,
                          u"it describes more than %1 files"_s.arg(MostMetalinkFiles));
        MetalinkFile file;
        if (!readName(file, m_xml.attributes().value("name"_L1).toString()))
            return;
        QList<PlacedUrl> urls;
        while (!m_error && m_xml.readNextStartElement())
            readPart(file, urls);
        std::ranges::stable_sort(urls, {}, &PlacedUrl::priority);
        for (const PlacedUrl &placed : urls)
            if (!file.urls.contains(placed.url))
                file.urls.append(placed.url);
        m_files.append(std::move(file));
    }

    /// RFC 5854 §4.1.2.1: it must not lead out of the folder.
    [[nodiscard]] bool readName(MetalinkFile &file, const QString &name)
    {
        QStringList parts = name.split(u'/');
        const bool leadsOut = std::ranges::any_of(parts, [](const QString &part) {
            return part.isEmpty() || part == "."_L1 || part == ".."_L1;
        });
        if (leadsOut)
            wrong(u"\"%1\" is no file name inside the folder"_s.arg(quotable(name)));
        for (QString &part : parts)
            part = safeFileName(part);
        file.name = parts.takeLast();
        file.folder = parts.join(u'/');
        return !leadsOut;
    }

    void readPart(MetalinkFile &file, QList<PlacedUrl> &urls)
    {
        if (m_xml.name() == "size"_L1)
            readSize(file);
        else if (m_xml.name() == "hash"_L1)
            readHash(file);
        else if (m_xml.name() == "pieces"_L1)
            readPieces(file);
        else if (m_xml.name() == "url"_L1)
            readUrl(urls);
        else
            m_xml.skipCurrentElement();
    }

    void readSize(MetalinkFile &file)
    {
        bool isNumber = false;
        const QString text = m_xml.readElementText().trimmed();
        file.size = text.toLongLong(&isNumber);
        if (!isNumber || file.size < 0)
            wrong(u"\"%1\" is no size in bytes"_s.arg(quotable(text)));
    }

    void readHash(MetalinkFile &file)
    {
        const auto algorithm = algorithmOf(m_xml.attributes().value("type"_L1).toString());
        const auto checksum = readChecksum(algorithm);
        if (checksum && (!file.checksum || file.checksum->algorithm < *algorithm))
            file.checksum = checksum;
    }

    /// The text of the element. A hash that is none of its type would be no protection.
    [[nodiscard]] std::optional<Checksum> readChecksum(std::optional<DigestAlgorithm> algorithm)
    {
        const QString text = m_xml.readElementText().trimmed();
        if (!algorithm)
            return std::nullopt;
        const auto checksum = Checksum::parse(digestAlgorithmName(*algorithm) + u'=' + text);
        if (checksum)
            return *checksum;
        wrong(u"\"%1\" is no %2"_s.arg(quotable(text), digestAlgorithmName(*algorithm)));
        return std::nullopt;
    }

    void readPieces(MetalinkFile &file)
    {
        const QXmlStreamAttributes attributes = m_xml.attributes();
        const auto algorithm = algorithmOf(attributes.value("type"_L1).toString());
        PieceHashes pieces;
        pieces.pieceBytes = attributes.value("length"_L1).toLongLong();
        bool isWhole = pieces.pieceBytes >= PieceHashes::LeastPieceBytes;
        while (!m_error && m_xml.readNextStartElement()) {
            const auto checksum = readChecksum(algorithm);
            isWhole = isWhole && checksum && pieces.count() < PieceHashes::MostPieces;
            if (!isWhole)
                continue;
            pieces.algorithm = checksum->algorithm;
            pieces.digests += checksum->digest;
        }
        const bool isStronger = !file.pieces || file.pieces->algorithm < pieces.algorithm;
        if (isWhole && !pieces.digests.isEmpty() && isStronger)
            file.pieces = std::move(pieces);
    }

    void readUrl(QList<PlacedUrl> &urls)
    {
        bool isNumber = false;
        const int priority = m_xml.attributes().value("priority"_L1).toInt(&isNumber);
        const QUrl url(m_xml.readElementText().trimmed(), QUrl::TolerantMode);
        const bool isHttp = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
        if (url.isValid() && isHttp && !url.host().isEmpty())
            urls.append({url, isNumber && priority > 0 ? priority : LastPriority});
    }

    void wrong(const QString &why)
    {
        refuse(ErrorCode::InvalidArgument, u"line %1: %2"_s.arg(m_xml.lineNumber()).arg(why));
    }
    void refuse(ErrorCode code, const QString &why)
    {
        m_error = Error{code, u"the Metalink document: "_s + why};
        m_xml.raiseError(why);
    }

    QXmlStreamReader m_xml;
    QList<MetalinkFile> m_files;
    std::optional<Error> m_error;
};

} // namespace

Result<QList<MetalinkFile>> parseMetalink(const QByteArray &document)
{
    return MetalinkReader(document).read();
}

} // namespace core
