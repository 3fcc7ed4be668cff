#pragma once
#include "core/download/downloadsource.h"
#include "core/download/rangeplanner.h"
#include "core/download/tailfetch.h"
#include "core/download/transferplan.h"

#include <QElapsedTimer>

#include <map>

namespace core {

/// The second requests for stalled tails: `original` is the connection that holds the lease,
/// `connection` the one that brings the same bytes beside it.
/// Threads: lives on the job's thread.
class TailRescue final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TailRescue)
public:
    /// All of them must outlive this; `clock` is the one the plan is told the time of.
    TailRescue(DownloadSource &source, TransferPlan &plan, const QElapsedTimer &clock);
    ~TailRescue() override;

    void start(int connection,
               int original,
               const RangePlanner::Lease &lease,
               const RemoteIdentity &known);
    [[nodiscard]] bool isUsing(int connection) const { return m_copies.contains(connection); }
    [[nodiscard]] int count() const { return int(m_copies.size()); }
    [[nodiscard]] int originalOf(int connection) const { return m_copies.at(connection).original; }
    /// What came from `position` on.
    [[nodiscard]] std::span<const char> bytesFrom(int connection, qint64 position) const;
    /// What the original brought next. False when its copy brought other bytes.
    [[nodiscard]] bool agrees(int original, std::span<const char> bytes);

    void drop(int connection);
    void dropCopyOf(int original);
    void dropLast() { drop(m_copies.rbegin()->first); }
    void clear() { m_copies.clear(); }
    /// Destroys what was dropped; not to be called inside a signal of this.
    void sweep() { m_dropped.clear(); }

signals:
    void completed(int connection);
    void failed(int connection);
    void changed(const core::ResponseHead &head);
    void differed();

private:
    struct Copy {
        int original = 0;
        std::unique_ptr<TailFetch> fetch;
    };
    DownloadSource &m_source;
    TransferPlan &m_plan;
    const QElapsedTimer &m_clock;
    std::map<int, Copy> m_copies; ///< by connection number
    std::vector<std::unique_ptr<TailFetch>> m_dropped; ///< destroyed outside their own signals
};

} // namespace core
