#include "core/flash/bmapxml.h"

#include "core/base/digest.h"
#include "core/base/quoted.h"
#include "core/flash/imagefile.h"

#include <QHash>
#include <QXmlStreamReader>

#include <algorithm>
#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 MostTextBytes = 16_MiB; // some 150,000 ranges
constexpr qint64 MostBlockBytes = 1_GiB;
constexpr int MostDigits = 18; // fits qint64
constexpr int MostDepth = 3; // bmap, BlockMap, Range

struct Algorithm {
    QLatin1StringView name; // as Python's hashlib says it
    DigestAlgorithm algorithm;
};
constexpr std::array Algorithms = std::to_array<Algorithm>({
    {"sha256"_L1, DigestAlgorithm::Sha256},
    {"sha512"_L1, DigestAlgorithm::Sha512},
    {"sha384"_L1, DigestAlgorithm::Sha384},
    {"sha224"_L1, DigestAlgorithm::Sha224},
    {"sha1"_L1, DigestAlgorithm::Sha1},
    {"md5"_L1, DigestAlgorithm::Md5},
});

/// Where a version of the format keeps its checksums.
struct Dialect {
    QString type; // the element that names the sort; empty: it is SHA-1
    QString own; // the element with the checksum of the file itself; empty: there are none at all
    QString ofRange; // the attribute
};

/// What the elements say, before it is checked.
struct Elements {
    struct Range {
        QString blocks;
        QString digest;
    };
    QString version;
    QHash<QString, QString> texts;
    std::vector<Range> ranges;
};

/// A number of ASCII digits; nullopt: it is none.
std::optional<qint64> number(QStringView text)
{
    const QStringView digits = text.trimmed();
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    if (digits.isEmpty() || digits.size() > MostDigits || !std::ranges::all_of(digits, isDigit))
        return std::nullopt;
    return digits.toLongLong();
}

/// Reads one bmap: element after element, then what they mean.
class BmapText
{
public:
    BmapText(const QByteArray &text, const QString &path)
        : m_text(text)
        , m_path(path)
        , m_xml(text)
    { }

    [[nodiscard]] Result<Bmap> read()
    {
        m_bmap.path = m_path;
        return readElements()
            .and_then([this] { return chooseDialect(); })
            .and_then([this] { return checkItself(); })
            .and_then([this] { return readSizes(); })
            .and_then([this] { return readRanges(); })
            .map([this] { return std::move(m_bmap); });
    }

private:
    [[nodiscard]] Result<void> readElements();
    [[nodiscard]] Result<void> enterElement();
    [[nodiscard]] Result<void> chooseDialect();
    [[nodiscard]] Result<void> checkItself();
    [[nodiscard]] Result<void> readSizes();
    [[nodiscard]] Result<void> readRanges();
    [[nodiscard]] Result<void> addRange(const Elements::Range &range);
    /// The digest that is there in hexadecimal.
    [[nodiscard]] Result<QByteArray> digestOf(const QString &hex) const;
    [[nodiscard]] Result<qint64> numberOf(const QString &element) const;
    [[nodiscard]] tl::unexpected<Error> wrong(ErrorCode code, const QString &why) const
    {
        return fail(code, u"%1: %2"_s.arg(m_path, why));
    }
    [[nodiscard]] tl::unexpected<Error> wrong(const QString &why) const
    {
        return wrong(ErrorCode::InvalidArgument, why);
    }

    const QByteArray m_text;
    const QString m_path;
    QXmlStreamReader m_xml;
    int m_depth = 0;
    Elements m_elements;
    Dialect m_dialect;
    Bmap m_bmap;
    qint64 m_blockBytes = 0;
    qint64 m_blocks = 0;
    qint64 m_mappedBlocks = 0; // of the ranges so far
    qint64 m_nextBlock = 0; // the first that the next range may begin with
};

Result<void> BmapText::readElements()
{
    while (!m_xml.atEnd()) {
        const auto token = m_xml.readNext();
        if (token == QXmlStreamReader::DTD || token == QXmlStreamReader::EntityReference)
            return wrong(u"it declares or uses entities"_s);
        if (token == QXmlStreamReader::EndElement)
            --m_depth;
        if (token != QXmlStreamReader::StartElement)
            continue;
        if (const auto entered = enterElement(); !entered)
            return entered;
    }
    if (m_xml.hasError())
        return wrong(u"line %1: %2"_s.arg(QString::number(m_xml.lineNumber()),
                                          quotable(m_xml.errorString())));
    return {};
}

Result<void> BmapText::enterElement()
{
    const QString name = m_xml.name().toString();
    if (++m_depth > MostDepth)
        return wrong(u"element \"%1\" is too deep"_s.arg(quotable(name)));
    if (m_depth == 1) {
        m_elements.version = m_xml.attributes().value("version"_L1).toString();
        return name == "bmap"_L1 ? Result<void>()
                                 : wrong(u"\"%1\" is no bmap"_s.arg(quotable(name)));
    }
    if (name == "BlockMap"_L1)
        return {};
    const auto attributes = m_xml.attributes();
    const QString text = m_xml.readElementText(QXmlStreamReader::ErrorOnUnexpectedElement);
    --m_depth; // its end was read
    if (m_depth == 2 && name == "Range"_L1) {
        const auto digest = attributes.hasAttribute("chksum"_L1) ? attributes.value("chksum"_L1)
                                                                 : attributes.value("sha1"_L1);
        m_elements.ranges.push_back({text, digest.toString()});
        return {};
    }
    if (m_depth == 1 && m_elements.texts.contains(name))
        return wrong(u"element \"%1\" is there twice"_s.arg(quotable(name)));
    if (m_depth == 1)
        m_elements.texts.insert(name, text.trimmed());
    return {};
}

Result<void> BmapText::chooseDialect()
{
    const QString &version = m_elements.version;
    if (version == "1.2"_L1)
        m_dialect = {};
    else if (version == "1.3"_L1)
        m_dialect = {{}, u"BmapFileSHA1"_s, u"sha1"_s};
    else if (version == "1.4"_L1 || version.startsWith("2."_L1))
        m_dialect = {u"ChecksumType"_s, u"BmapFileChecksum"_s, u"chksum"_s};
    else
        return wrong(ErrorCode::Unsupported,
                     u"version \"%1\" is not one of 1.2 to 2"_s.arg(quotable(version)));
    const QString type =
        m_dialect.type.isEmpty() ? u"sha1"_s : m_elements.texts.value(m_dialect.type);
    const auto known = std::ranges::find(Algorithms, type, &Algorithm::name);
    if (known == Algorithms.end() || !Digest::isOffered(known->algorithm))
        return wrong(ErrorCode::Unsupported,
                     u"ChecksumType \"%1\" is not known"_s.arg(quotable(type)));
    m_bmap.algorithm = known->algorithm;
    return {};
}

/// The checksum was made while zeros stood in its place.
Result<void> BmapText::checkItself()
{
    if (m_dialect.own.isEmpty())
        return {};
    const QString expected = m_elements.texts.value(m_dialect.own);
    const auto digest = digestOf(expected);
    if (!digest)
        return fail(digest.error());
    const QByteArray hex = expected.toLatin1();
    const qsizetype at = m_text.indexOf(hex);
    if (hex.isEmpty() || at < 0)
        return wrong(u"it has no %1"_s.arg(m_dialect.own));
    Digest own(m_bmap.algorithm);
    own.add(std::span(m_text).first(size_t(at)));
    own.add(QByteArray(hex.size(), '0'));
    own.add(std::span(m_text).subspan(size_t(at + hex.size())));
    const QByteArray found = own.finish();
    if (found == *digest)
        return {};
    return wrong(ErrorCode::ChecksumMismatch,
                 u"the file's own checksum is %1, it says %2"_s.arg(
                     QString::fromLatin1(found.toHex()), expected));
}

Result<QByteArray> BmapText::digestOf(const QString &hex) const
{
    const QByteArray digest = QByteArray::fromHex(hex.toLatin1());
    const bool isHex = digest.toHex() == hex.toLower().toLatin1();
    if (hex.isEmpty() || (isHex && digest.size() == digestBytes(m_bmap.algorithm)))
        return digest;
    return wrong(
        u"checksum \"%1\" is no %2"_s.arg(quotable(hex), digestAlgorithmName(m_bmap.algorithm)));
}

Result<qint64> BmapText::numberOf(const QString &element) const
{
    const QString text = m_elements.texts.value(element);
    if (const auto value = number(text))
        return *value;
    return wrong(u"%1 \"%2\" is no number"_s.arg(element, quotable(text)));
}

Result<void> BmapText::readSizes()
{
    const auto imageBytes = numberOf(u"ImageSize"_s);
    const auto blockBytes = numberOf(u"BlockSize"_s);
    const auto blocks = numberOf(u"BlocksCount"_s);
    for (const auto &value : {imageBytes, blockBytes, blocks})
        if (!value)
            return fail(value.error());
    if (*imageBytes == 0)
        return wrong(u"ImageSize 0 is no image"_s);
    if (*blockBytes == 0 || *blockBytes > MostBlockBytes)
        return wrong(u"BlockSize %1 is not 1 to %2"_s.arg(*blockBytes).arg(MostBlockBytes));
    if (const qint64 needed = (*imageBytes + *blockBytes - 1) / *blockBytes; *blocks != needed)
        return wrong(
            u"BlocksCount %1 does not fit the sizes, which make %2"_s.arg(*blocks).arg(needed));
    m_bmap.imageBytes = *imageBytes;
    m_blockBytes = *blockBytes;
    m_blocks = *blocks;
    return {};
}

Result<void> BmapText::readRanges()
{
    m_bmap.ranges.reserve(m_elements.ranges.size());
    for (const Elements::Range &range : m_elements.ranges)
        if (const auto added = addRange(range); !added)
            return added;
    const auto mapped = numberOf(u"MappedBlocksCount"_s);
    if (!mapped)
        return fail(mapped.error());
    if (*mapped != m_mappedBlocks)
        return wrong(
            u"MappedBlocksCount %1 does not fit the ranges, which have %2 blocks"_s.arg(*mapped)
                .arg(m_mappedBlocks));
    return {};
}

Result<void> BmapText::addRange(const Elements::Range &range)
{
    const QStringView blocks = range.blocks;
    const qsizetype dash = blocks.indexOf(u'-');
    const auto first = number(dash < 0 ? blocks : blocks.first(dash));
    const auto last = dash < 0 ? first : number(blocks.sliced(dash + 1));
    const QString shown = quotable(range.blocks.trimmed());
    if (!first || !last || *first > *last)
        return wrong(u"range \"%1\" is none"_s.arg(shown));
    if (*first < m_nextBlock)
        return wrong(u"range %1 begins before the end of the one before it"_s.arg(shown));
    if (*last >= m_blocks)
        return wrong(u"range %1 goes beyond the image's %2 blocks"_s.arg(shown).arg(m_blocks));
    auto digest = digestOf(m_dialect.ofRange.isEmpty() ? QString() : range.digest);
    if (!digest)
        return fail(digest.error());
    m_nextBlock = *last + 1;
    m_mappedBlocks += *last - *first + 1;
    m_bmap.ranges.push_back({*first * m_blockBytes,
                             std::min(m_nextBlock * m_blockBytes, m_bmap.imageBytes),
                             std::move(*digest)});
    return {};
}

} // namespace

Result<Bmap> readBmap(const QByteArray &text, const QString &path)
{
    return BmapText(text, path).read();
}

Result<Bmap> loadBmap(const QString &path)
{
    const auto file = ImageFile::open(path);
    if (!file)
        return fail(file.error());
    if (file->size() > MostTextBytes)
        return fail(ErrorCode::Unsupported,
                    u"%1 has %2 bytes; a bmap has at most %3"_s.arg(path)
                        .arg(file->size())
                        .arg(MostTextBytes));
    QByteArray text(file->size(), Qt::Uninitialized);
    const auto count = file->readAt(0, std::span(text.data(), size_t(text.size())));
    return count ? readBmap(text, path) : fail(count.error());
}

} // namespace core
