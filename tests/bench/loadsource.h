#pragma once
#include "tests/bench/benchsocket.h"

#include <memory>
#include <vector>

namespace bench {

enum class Lane {
    Events, // lossless: one message for every change
    Progress, // numbers of all jobs, ten times a second
};

/// What the messages are about.
struct Content {
    Lane lane = Lane::Events;
    int jobs = 1;
    size_t padBytes = 0; // added to every event
};

/// Where something happens to a workflow: its id, and the job that its step is.
struct Place {
    std::string workflow;
    std::string job;
};

/// Makes a server tell something to its readers, by one connection or several.
class LoadSource
{
public:
    virtual ~LoadSource() = default;
    /// One event, or one round of progress. Does not wait.
    virtual void tell() = 0;
    /// Sends what had no room and reads what is answered.
    virtual void pump() = 0;
    /// What the server answered to what it did not take.
    [[nodiscard]] virtual const std::vector<std::string> &refusals() const = 0;
    /// Of what was told, how much changed the state of something; 0 where nothing has one.
    [[nodiscard]] virtual uint64_t stateChanges() const { return 0; }
};

/// A peer's: the text that every reader is to get comes in by one socket.
class PlainSource final : public LoadSource
{
public:
    PlainSource(BenchSocket socket, Content content);
    void tell() override;
    void pump() override;
    [[nodiscard]] const std::vector<std::string> &refusals() const override { return m_refusals; }

private:
    BenchSocket m_socket;
    Content m_content;
    uint64_t m_seq = 0;
    std::vector<std::string> m_refusals;
};

/// Dray's: programs that report jobs of their own. A principal may make 50 changes a second, so there
/// are several.
class ReportSource final : public LoadSource
{
public:
    /// The jobs are there when this returns.
    ReportSource(std::vector<BenchSocket> sockets, Content content);
    void tell() override;
    void pump() override;
    [[nodiscard]] const std::vector<std::string> &refusals() const override { return m_refusals; }

private:
    void report(size_t job, const std::string &members);

    std::vector<BenchSocket> m_sockets;
    Content m_content;
    size_t m_jobs = 0;
    uint64_t m_told = 0;
    std::vector<std::string> m_refusals;
};

} // namespace bench
