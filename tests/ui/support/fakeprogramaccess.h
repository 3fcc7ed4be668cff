#pragma once
#include "ui/programaccess.h"

#include <QStringList>

namespace tests {

/// Hands the listener to the test, writes down what the user answered, and answers as told.
class FakeProgramAccess final : public ui::ProgramAccess
{
public:
    Listener listener;
    /// "let in abc", "refuse abc", "revoke def"
    QStringList told;
    core::Result<void> answer;
    int refreshes = 0;

    void join(Listener joined) override { listener = std::move(joined); }
    void refresh() override { ++refreshes; }
    void letIn(const QString &pairing, Answer done) override
    {
        told.append(QStringLiteral("let in ") + pairing);
        done(answer);
    }
    void refuse(const QString &pairing, Answer done) override
    {
        told.append(QStringLiteral("refuse ") + pairing);
        done(answer);
    }
    void revoke(const QString &token, Answer done) override
    {
        told.append(QStringLiteral("revoke ") + token);
        done(answer);
    }
};

} // namespace tests
