#include "core/agents/agentworkjson.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// It is the only member of the object, and so always the first bytes.
constexpr QByteArrayView Mark = R"({"agentWork":)";

void insertText(QJsonObject &object, QLatin1StringView member, const QString &text)
{
    if (!text.isEmpty())
        object.insert(member, text);
}

} // namespace

QByteArray encodeSpec(const AgentWork &work)
{
    QJsonObject object{{u"kind"_s, work.kind}};
    // As text, so that it comes back as it was, whatever numbers are in it.
    insertText(object, "spec"_L1, QString::fromUtf8(work.spec));
    insertText(object, "outputs"_L1, QString::fromUtf8(work.outputs));
    insertText(object, "agent"_L1, work.agent);
    insertText(object, "agentOwner"_L1, work.agentOwner);
    insertText(object, "offer"_L1, work.offer);
    return QJsonDocument(QJsonObject{{u"agentWork"_s, object}}).toJson(QJsonDocument::Compact);
}

std::optional<AgentWork> decodeAgentWork(const QByteArray &stored)
{
    if (!stored.startsWith(Mark))
        return std::nullopt;
    const QJsonValue value = QJsonDocument::fromJson(stored).object()["agentWork"_L1];
    if (!value.isObject())
        return std::nullopt;
    const QJsonObject object = value.toObject();
    return AgentWork{.kind = object["kind"_L1].toString(),
                     .spec = object["spec"_L1].toString().toUtf8(),
                     .outputs = object["outputs"_L1].toString().toUtf8(),
                     .agent = object["agent"_L1].toString(),
                     .agentOwner = object["agentOwner"_L1].toString(),
                     .offer = object["offer"_L1].toString()};
}

bool isAgentWork(const JobSnapshot &job)
{
    return job.kind == JobKind::External && job.spec.startsWith(Mark);
}

} // namespace core
