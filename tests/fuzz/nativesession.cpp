// Clients of the native protocol that say what they like, go and come back, against the whole hub.
//
// A line is one act; its first letter says which:
//   0 1 2   that client calls: a method, a blank and its params
//   3 4 5   the first, the second or the third client says the rest as it is
//   a b c   that client's connection is lost, and it connects again
//   x y z   that client stops reading, or goes on
//   !       what jobs run is done, or has failed when there is a rest
//   -       the drive is pulled out, or comes back
//   +       so many seconds pass as the rest says
// In what is said, "@" and a letter is what was told last of that: see Letters.
//
// The first client is the local user, the second has a token of another owner that may read and add, the third has
// none. Nothing they ask for is done: every job, a command too, gets a SwitchedWorker, and the drive is made up.
#include "server/dialects/errortext.h"
#include "server/dialects/native/jsonrpc.h"
#include "server/dialects/native/rpcrunner.h"
#include "tests/fuzz/hubworld.h"
#include "tests/fuzz/target.h"

#include <QDeadlineTimer>
#include <QDir>

#include <array>

using namespace Qt::StringLiterals;

namespace {

constexpr unsigned MostSeconds = 1000; // at once
constexpr std::chrono::seconds Patience{20};
constexpr core::Scopes Scarce = core::Scopes(core::Scope::Read) | core::Scope::Add;

/// The members whose values, or whose objects' ids, are remembered.
const QHash<QString, char> Letters{
    {u"job"_s, 'j'},    {u"workflow"_s, 'w'}, {u"pairings"_s, 'p'}, {u"tokens"_s, 'i'},
    {u"ticket"_s, 't'}, {u"offer"_s, 'o'},    {u"token"_s, 'k'},    {u"seq"_s, 's'},
};

struct Speaker : fuzz::Client {
    QList<QJsonValue> owed; // the ids of what is not answered
    std::optional<qint64> position; // of the event that came last
    bool hasEnded = false;
};

core::Drive stick()
{
    return {.id = u"usb-stick"_s,
            .path = u"/dev/stick"_s,
            .serial = u"STICK"_s,
            .size = 31'900'000'000,
            .diskseq = 7,
            .bus = core::Bus::Usb,
            .isRemovable = true};
}

struct NativeWorld : fuzz::HubWorld {
    const core::Principal me = core::Principal::localUser();
    const core::Milliseconds start = hub.clock.wallTime();
    std::array<Speaker, 3> clients;
    QHash<char, QByteArray> told; // by Letters; 'f' is our folder
    int lastId = 0;

    NativeWorld()
    {
        QFile image(hub.folder.filePath(u"downloads/a.img"_s));
        if (!QDir().mkpath(hub.folder.filePath(u"downloads"_s)) || !image.open(QFile::WriteOnly))
            qFatal("no image");
        QObject::connect(&hub.registry, &core::JobRegistry::eventsReady, checkHarmless);
    }
    /// What removing a job with its files would delete.
    static void checkHarmless(const core::JobEvents &events)
    {
        for (const core::JobEvent &event : events)
            if (const auto *changed = std::get_if<core::JobChanged>(&event.change))
                if (!changed->job.details.target.isEmpty())
                    qFatal("a job has a file: %s", qPrintable(changed->job.details.target));
    }

    void open(size_t number)
    {
        Speaker &client = clients[number];
        client.hangUp();
        client.owed.clear();
        client.position.reset();
        client.hasEnded = false;
        server::Request request{.peer = QHostAddress::LocalHost};
        if (number == 0)
            request.principal = me;
        if (number == 1) {
            request.principal = tests::HubBench::who(u"eve"_s, Scarce);
            request.tokenId = QString::fromLatin1(told.value('i'));
        }
        connect(client, std::move(request), u"/api/v1/ws"_s);
    }
    [[nodiscard]] QByteArray filledIn(QByteArray text) const
    {
        for (const auto &[letter, value] : told.asKeyValueRange())
            text.replace(QByteArray("@") + letter, value);
        return text;
    }
    void call(size_t number, const QByteArray &words)
    {
        const qsizetype blank = words.indexOf(' ');
        const QByteArray params = blank < 0 ? QByteArray("{}") : words.sliced(blank + 1);
        say(number,
            R"({"jsonrpc":"2.0","id":)" + QByteArray::number(++lastId) + R"(,"method":")"
                + words.first(blank < 0 ? words.size() : blank) + R"(","params":)" + params + '}');
    }
    void say(size_t number, const QByteArray &words)
    {
        Speaker &client = clients[number];
        if (!client.socket)
            open(number);
        const QByteArray message = filledIn(words);
        for (const server::RpcItem &item : server::parseMessage(message).items) {
            const auto *call = std::get_if<server::RpcCall>(&item);
            if (!call)
                client.owed.append(std::get<server::RpcBadCall>(item).id);
            else if (call->id)
                client.owed.append(*call->id);
        }
        client.say(message);
    }

    void hear()
    {
        settle();
        for (Speaker &client : clients) {
            client.leaveWhenClosed();
            for (const QByteArray &message : std::exchange(client.record->sent, {}))
                hear(client, message);
            if (client.record->closeCode)
                client.owed.clear();
        }
    }
    void hear(Speaker &client, const QByteArray &message)
    {
        if (client.hasEnded || message.size() > server::MaxMessageOut)
            qFatal("said after session.bye, or too long: %s", message.constData());
        const auto json = server::parseJson(message);
        if (!json || (!json->isObject() && !json->isArray()))
            qFatal("what is said is not JSON: %s", message.constData());
        learn({}, *json);
        if (json->isObject())
            return take(client, json->toObject());
        for (const QJsonValue &answer : json->toArray())
            take(client, answer.toObject());
    }
    static void take(Speaker &client, const QJsonObject &message)
    {
        const QJsonValue method = message.value("method"_L1);
        const QJsonValue params = message.value("params"_L1);
        if (method.isUndefined() && !client.owed.removeOne(message.value("id"_L1))
            && !isTurnedAway(message))
            qFatal("nobody asked for %s", server::encode(message).constData());
        if (message.value("result"_L1)["session"_L1].isString())
            client.position = message.value("result"_L1)["seq"_L1].toInteger();
        if (method == "event"_L1) {
            if (client.position && *client.position != params["prev"_L1].toInteger())
                qFatal("an event is missing before %s", server::encode(message).constData());
            client.position = params["seq"_L1].toInteger();
        }
        client.hasEnded = method == "session.bye"_L1;
    }
    /// Who says no token in time is told so without having asked.
    static bool isTurnedAway(const QJsonObject &message)
    {
        return message.value("id"_L1).isNull()
            && message.value("error"_L1)["code"_L1]
            == server::errorNumber(core::ErrorCode::Unauthorized);
    }
    void learn(const QString &name, const QJsonValue &value)
    {
        if (value.isArray())
            for (const QJsonValue &item : value.toArray())
                learn(name, item);
        else if (value.isObject())
            for (const QJsonObject members = value.toObject(); const QString &key : members.keys())
                learn(key == "id"_L1 ? name : key, members.value(key));
        else if (const char letter = Letters.value(name))
            told[letter] = value.toVariant().toString().toUtf8();
    }

    void act(char what, const QByteArray &rest)
    {
        if (what >= '0' && what <= '2')
            call(size_t(what - '0'), rest);
        else if (what >= '3' && what <= '5')
            say(size_t(what - '3'), rest);
        else if (what >= 'a' && what <= 'c')
            open(size_t(what - 'a'));
        else if (what >= 'x' && what <= 'z')
            clients[size_t(what - 'x')].turnReader();
        else if (what == '!')
            endWork(rest.isEmpty() ? 1 : 2);
        else if (what == '-')
            hub.drives.update(hub.drives.drives().isEmpty() ? QList{stick()}
                                                            : QList<core::Drive>());
        else if (what == '+')
            pass(std::chrono::seconds(rest.toUInt() % MostSeconds));
        hear();
    }
    void endWork(int order)
    {
        const auto isRunning = [this](core::JobId id) {
            const core::JobSnapshot *job = hub.registry.find(id);
            return job && job->state == core::JobState::Running;
        };
        for (const auto &[id, work] : hub.switches.asKeyValueRange())
            work->order = isRunning(id) ? order : 0;
        wait("work goes on", [&] {
            return std::ranges::none_of(hub.switches.keys(), [&](core::JobId id) {
                return hub.switches.value(id)->order != 0 && isRunning(id);
            });
        });
    }
    void wait(const char *otherwise, const std::function<bool()> &isOver)
    {
        for (const QDeadlineTimer end(Patience); !isOver(); hear())
            if (end.hasExpired())
                qFatal("%s", otherwise);
    }

    /// As at the first run.
    void begin()
    {
        hub.clock.set(start - hub.clock.wallTime());
        hub.drives.update({stick()});
        const auto token =
            hub.tokens.addForThisRun({.name = u"eve"_s, .scopes = Scarce, .owner = u"eve"_s});
        told = {{'f', hub.folder.path().toUtf8()}, {'i', token.id.toUtf8()}};
        for (size_t number = 0; number < clients.size(); ++number)
            open(number);
    }
    void end()
    {
        for (const core::Pairing &pairing : hub.pairings.waiting()) // until then it has no answer
            if (!hub.pairings.refuse(pairing.id))
                qFatal("a pairing is not there");
        wait("a call has no answer", [this] {
            return std::ranges::all_of(clients,
                                       [](const Speaker &client) { return client.owed.isEmpty(); });
        });
        for (Speaker &client : clients)
            client.hangUp();
        wait("jobs or workflows stay", [this] { return hasRemovedAll(); });
        hub.switches.clear();
        for (const core::Settings::Entry &entry : hub.settings.all())
            if (entry.value != entry.defaultValue)
                (void)hub.settings.set(entry.key, entry.defaultValue);
        for (const core::TokenEntry &token : hub.tokens.list())
            hub.tokens.revoke(token.id, [](const core::Result<void> &) {});
        pass(UntilForgotten);
    }
    /// Moves everything on to its end and forgets it; true when nothing is left.
    bool hasRemovedAll()
    {
        const QList<core::Workflow> workflows = *hub.workflows.list(me);
        for (const core::Workflow &workflow : workflows) {
            (void)hub.workflows.cancel(me, workflow.id); // refused: it has ended
            hub.workflows.remove(me, workflow.id, [](const core::Result<void> &) {});
        }
        const QList<core::JobSnapshot> jobs = hub.registry.snapshots();
        for (const core::JobSnapshot &job : jobs) {
            (void)hub.registry.cancel(job.id); // refused: it has ended
            (void)hub.registry.remove(job.id); // refused: it ends by and by
        }
        return workflows.isEmpty() && jobs.isEmpty();
    }
};

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static NativeWorld world;
    world.begin();
    fuzz::play(world, bytes, size);
    world.end();
    return 0;
}
