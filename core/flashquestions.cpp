#include "core/flashquestions.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>

namespace core {

QString FlashQuestions::randomTicket()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    const QByteArray bytes(reinterpret_cast<const char *>(words.data()), sizeof words);
    return QString::fromLatin1(
        bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

void FlashQuestions::add(Open open)
{
    const JobId job = open.question.job;
    m_open.emplace(job, std::move(open));
}

const FlashQuestions::Open *FlashQuestions::findTicket(const Principal &who,
                                                       const QString &id) const
{
    for (const auto &[job, open] : m_open)
        if (open.ticket.id() == id && who.canSee(open.question.owner))
            return &open;
    return nullptr;
}

const FlashQuestions::Open *FlashQuestions::findJob(const Principal &who, JobId job) const
{
    const auto found = m_open.find(job);
    const bool isSeen = found != m_open.end() && who.canSee(found->second.question.owner);
    return isSeen ? &found->second : nullptr;
}

QList<FlashQuestion> FlashQuestions::visibleTo(const Principal &who) const
{
    QList<FlashQuestion> questions;
    for (const auto &[job, open] : m_open)
        if (who.canSee(open.question.owner))
            questions.append(open.question);
    return questions;
}

qsizetype FlashQuestions::countOf(const QString &owner) const
{
    return std::count_if(m_open.begin(), m_open.end(), [&owner](const auto &entry) {
        return entry.second.question.owner == owner;
    });
}

QList<JobId> FlashQuestions::expiredAt(Milliseconds wallTime) const
{
    QList<JobId> jobs;
    for (const auto &[job, open] : m_open)
        if (open.question.expiresAt <= wallTime)
            jobs.append(job);
    return jobs;
}

std::optional<Milliseconds> FlashQuestions::nextExpiry() const
{
    std::optional<Milliseconds> next;
    for (const auto &[job, open] : m_open)
        next = std::min(next.value_or(open.question.expiresAt), open.question.expiresAt);
    return next;
}

FlashQuestions::Update FlashQuestions::update(const QList<Drive> &drives, const DrivePolicy &policy)
{
    Update update;
    for (auto &[job, open] : m_open) {
        const auto seen = open.ticket.asOf(open.ticket.image(), drives, policy);
        if (!seen) {
            update.ended.append({job, seen.error()});
            continue;
        }
        open.ticket = *seen;
        if (seen->erasures() == std::exchange(open.question.erasures, seen->erasures()))
            continue;
        update.changed.append(job);
    }
    return update;
}

} // namespace core
