#include "server/dialects/native/rpcrunner.h"

#include <QList>

namespace server {
namespace {

using namespace Qt::StringLiterals;

RpcError tooLarge()
{
    return invalidRequest(u"the answer is too large for a batch"_s);
}

/// The answers of one message while they come in.
struct Answers {
    Batch batch = Batch::No;
    QList<QByteArray> replies; // in the order of the calls; empty for notifications
    qsizetype open = 0;
    qsizetype bytes = 0;
    bool isFull = false;
    std::function<void(const QByteArray &)> finish;

    void put(qsizetype index, const QJsonValue &id, const QByteArray &reply)
    {
        const bool isTooLarge = batch == Batch::Yes && bytes + reply.size() > MaxMessageOut;
        isFull |= isTooLarge;
        replies[index] = isTooLarge ? rpcFailure(id, tooLarge()) : reply;
        bytes += replies.at(index).size() + 1;
    }
    void closeOne()
    {
        if (--open > 0)
            return;
        replies.removeAll(QByteArray());
        const QByteArray joined = replies.join(',');
        finish(batch == Batch::Yes && !joined.isEmpty() ? '[' + joined + ']' : joined);
    }
};

} // namespace

void runMessage(const RpcMessage &message,
                const std::function<void(const RpcCall &, RpcAnswer)> &run,
                std::function<void(const QByteArray &)> finish)
{
    const auto answers = std::make_shared<Answers>();
    answers->batch = message.batch;
    answers->replies.resize(qsizetype(message.items.size()));
    answers->open = qsizetype(message.items.size()) + 1; // ours: nothing ends before the last began
    answers->finish = std::move(finish);
    qsizetype index = 0;
    for (const RpcItem &item : message.items) {
        const qsizetype place = index++;
        if (const auto *bad = std::get_if<RpcBadCall>(&item)) {
            answers->put(place, bad->id, rpcFailure(bad->id, bad->error));
            answers->closeOne();
            continue;
        }
        const auto &call = std::get<RpcCall>(item);
        if (answers->isFull) { // nothing is done that could not be answered
            if (call.id)
                answers->put(place, *call.id, rpcFailure(*call.id, tooLarge()));
            answers->closeOne();
            continue;
        }
        run(call, [answers, place, id = call.id](const RpcOutcome &outcome) {
            if (id)
                answers->put(place, *id,
                             outcome ? rpcResult(*id, *outcome) : rpcFailure(*id, outcome.error()));
            answers->closeOne();
        });
    }
    answers->closeOne();
}

} // namespace server
