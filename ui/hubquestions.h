#pragma once
#include "ui/questionsource.h"

#include <memory>

class QObject;

namespace core {
class FlashService;
}

namespace ui {

class Mailbox;

/// The open questions whether drives may be erased, carried from the hub thread to the UI thread.
///
/// Threads: used on the UI thread. `flashes` and `hubContext` live on the hub thread and outlive it.
class HubQuestions final : public QuestionSource
{
public:
    HubQuestions(core::FlashService &flashes, QObject *hubContext);
    ~HubQuestions() override;
    HubQuestions(const HubQuestions &) = delete;
    HubQuestions &operator=(const HubQuestions &) = delete;

    void join(Listener listener) override;

private:
    struct HubSide;

    core::FlashService &m_flashes;
    QObject *m_hubContext;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<HubSide> m_hubSide;
};

} // namespace ui
