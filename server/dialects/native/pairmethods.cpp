#include "server/dialects/native/pairmethods.h"

#include "server/dialects/json.h"
#include "server/http/access.h"

#include <QJsonArray>

namespace server {

using namespace Qt::StringLiterals;

namespace {

const QByteArray Nothing("{}");

QJsonObject pairingObject(const core::Pairing &pairing)
{
    QJsonObject object{{u"id"_s, pairing.id},
                       {u"name"_s, pairing.name},
                       {u"kind"_s, pairing.kind},
                       {u"code"_s, pairing.code},
                       {u"expiresAt"_s, qint64(pairing.expiresAt.count())}};
    if (!pairing.origin.isEmpty())
        object.insert("origin"_L1, QString::fromLatin1(pairing.origin));
    return object;
}

} // namespace

void listPairings(core::Pairings &pairings, const Params &, const PairAnswer &answer)
{
    QJsonArray array;
    for (const core::Pairing &pairing : pairings.waiting())
        array.append(pairingObject(pairing));
    answer(encode(QJsonObject{{u"pairings"_s, array}}));
}

void acceptPairing(core::Pairings &pairings, const Params &params, const PairAnswer &answer)
{
    const auto id = params.requiredText("pairing"_L1);
    if (!id)
        return answer(core::fail(id.error()));
    pairings.accept(*id, [answer](const core::Result<void> &accepted) {
        answer(accepted.map([] { return Nothing; }));
    });
}

void refusePairing(core::Pairings &pairings, const Params &params, const PairAnswer &answer)
{
    const auto id = params.requiredText("pairing"_L1);
    if (!id)
        return answer(core::fail(id.error()));
    answer(pairings.refuse(*id).map([] { return Nothing; }));
}

core::Result<core::Pairing> pairingFrom(const Params &params, const QByteArray &origin)
{
    const auto name = params.requiredText("name"_L1);
    if (!name)
        return core::fail(name.error());
    const auto kind = params.requiredText("kind"_L1);
    if (!kind)
        return core::fail(kind.error());
    const auto code = params.requiredText("code"_L1);
    if (!code)
        return core::fail(code.error());
    return core::Pairing{.name = *name,
                         .kind = *kind,
                         .code = *code,
                         .origin = isExtensionOrigin(origin) ? origin : QByteArray()};
}

QByteArray pairedResult(const core::MadeToken &made)
{
    const QStringList scopes = core::scopeNames(core::Pairings::Granted);
    return encode(QJsonObject{{u"token"_s, QString::fromLatin1(made.token)},
                              {u"scopes"_s, QJsonArray::fromStringList(scopes)}});
}

} // namespace server
