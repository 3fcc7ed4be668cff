#include "core/flash/decodedsource.h"

#include "core/base/units.h"

#include <algorithm>
#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 InputBytes = 256_KiB;

} // namespace

DecodedSource::DecodedSource(ImageFile file,
                             std::unique_ptr<StreamDecoder> decoder,
                             std::optional<qint64> size)
    : m_file(std::move(file))
    , m_decoder(std::move(decoder))
    , m_size(size)
    , m_input(size_t(InputBytes))
{ }

Result<qint64> DecodedSource::read(std::span<char> bytes)
{
    qint64 done = 0;
    while (done < qint64(bytes.size()) && !m_isAtEnd) {
        const auto count = decodeSome(bytes.subspan(size_t(done)));
        if (!count)
            return count;
        done += *count;
    }
    return done;
}

Result<void> DecodedSource::skip(qint64 bytes)
{
    std::array<char, InputBytes> unwanted;
    while (bytes > 0 && !m_isAtEnd) {
        const auto count =
            decodeSome(std::span(unwanted).first(size_t(std::min(bytes, InputBytes))));
        if (!count)
            return fail(count.error());
        bytes -= *count;
    }
    return {};
}

Result<qint64> DecodedSource::decodeSome(std::span<char> bytes)
{
    if (m_waiting.empty())
        if (const auto filled = refill(); !filled)
            return fail(filled.error());
    const bool isLast = m_file.position() == m_file.size();
    const auto step = m_decoder->decode(
        m_waiting, bytes, isLast ? StreamDecoder::Input::Last : StreamDecoder::Input::More);
    if (!step)
        return fail(step.error().code, u"%1: %2"_s.arg(m_file.path(), step.error().context));
    m_waiting = m_waiting.subspan(size_t(step->consumed));
    m_produced += step->produced;
    if (m_size && m_produced > *m_size)
        return damaged(u"it holds more than the %1 bytes it says"_s.arg(*m_size));
    if (step->consumed == 0 && step->produced == 0) {
        if (const auto ended = checkEnd(); !ended)
            return fail(ended.error());
        m_isAtEnd = true;
    }
    return step->produced;
}

Result<void> DecodedSource::refill()
{
    const auto count = m_file.read(m_input);
    if (!count)
        return fail(count.error());
    m_waiting = std::span<const char>(m_input).first(size_t(*count));
    return {};
}

Result<void> DecodedSource::checkEnd()
{
    if (!m_waiting.empty())
        return damaged(u"it cannot be unpacked at byte %1"_s.arg(m_file.position()
                                                                 - qint64(m_waiting.size())));
    if (!m_decoder->isComplete())
        return damaged(u"it ends too early, after %1 bytes"_s.arg(m_file.size()));
    if (m_size && m_produced != *m_size)
        return damaged(u"it holds %1 bytes and says %2"_s.arg(m_produced).arg(*m_size));
    return {};
}

tl::unexpected<Error> DecodedSource::damaged(const QString &why) const
{
    return fail(ErrorCode::ImageDamaged, u"%1: %2"_s.arg(m_file.path(), why));
}

} // namespace core
