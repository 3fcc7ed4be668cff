#include "core/flash/rescuereader.h"

#include "core/flash/extent.h"

#include <QStringList>

#include <algorithm>
#include <numeric>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostNamed = 8;

/// Whether another try, or another block, may go better.
bool isOfThePlace(const Result<void> &read)
{
    return !read && read.error().code == ErrorCode::DeviceFailed;
}

} // namespace

Result<Outcome>
RescueReader::read(qint64 offset, std::span<char> bytes, const std::stop_token &stop)
{
    while (!bytes.empty()) {
        if (stop.stop_requested())
            return Outcome::Stopped;
        const std::span<char> some = bytes.first(std::min(bytes.size(), size_t(ExtentBytes)));
        if (const auto read = m_device.read(offset, some); isOfThePlace(read)) {
            const auto rescued = readBlocks(offset, some, stop);
            if (!rescued || *rescued == Outcome::Stopped)
                return rescued;
        } else if (!read) {
            return fail(read.error());
        } else {
            m_goodEnd = offset + qint64(some.size());
        }
        offset += qint64(some.size());
        bytes = bytes.subspan(some.size());
    }
    return Outcome::Completed;
}

Result<Outcome>
RescueReader::readBlocks(qint64 offset, std::span<char> bytes, const std::stop_token &stop)
{
    const auto block = size_t(m_device.blockBytes());
    for (size_t done = 0; done < bytes.size(); done += block) {
        if (stop.stop_requested())
            return Outcome::Stopped;
        const qint64 at = offset + qint64(done);
        const std::span<char> wanted = bytes.subspan(done, block);
        const auto read = readBlock(at, wanted);
        if (!read && !isOfThePlace(read))
            return fail(read.error());
        if (read) {
            m_goodEnd = at + qint64(block);
            continue;
        }
        std::ranges::fill(wanted, '\0');
        note({at, at + qint64(block)});
    }
    if (m_goodEnd == offset + qint64(bytes.size()))
        return Outcome::Completed;
    return checkStillAnswers().map([] { return Outcome::Completed; });
}

Result<void> RescueReader::readBlock(qint64 offset, std::span<char> bytes)
{
    const auto read = tryBlock(offset);
    if (read)
        std::ranges::copy(m_block.first(qint64(bytes.size())), bytes.begin());
    return read;
}

Result<void> RescueReader::tryBlock(qint64 offset)
{
    Result<void> read;
    for (int attempt = 0; attempt < MostAttempts; ++attempt) {
        read = m_device.read(offset, m_block.first(m_device.blockBytes()));
        if (!isOfThePlace(read))
            break;
    }
    return read;
}

Result<void> RescueReader::checkStillAnswers()
{
    if (m_goodEnd == 0)
        return {};
    const auto read = tryBlock(m_goodEnd - m_device.blockBytes());
    return read ? read : fail(ErrorCode::DeviceGone, read.error().context);
}

void RescueReader::note(const Gap &gap)
{
    if (!m_gaps.isEmpty() && m_gaps.last().end == gap.begin)
        m_gaps.last().end = gap.end;
    else
        m_gaps.append(gap);
}

qint64 bytesOf(const QList<Gap> &gaps)
{
    return std::accumulate(gaps.cbegin(), gaps.cend(), qint64(0),
                           [](qint64 sum, const Gap &gap) { return sum + gap.end - gap.begin; });
}

QString gapsText(const QList<Gap> &gaps)
{
    QStringList places;
    for (const Gap &gap : gaps.first(std::min(gaps.size(), MostNamed)))
        places.append(u"%1-%2"_s.arg(gap.begin).arg(gap.end));
    if (gaps.size() > MostNamed)
        places.append(u"and %1 more places"_s.arg(gaps.size() - MostNamed));
    return u"%1 bytes could not be read (at %2)"_s.arg(QString::number(bytesOf(gaps)),
                                                       places.join(u", "_s));
}

} // namespace core
