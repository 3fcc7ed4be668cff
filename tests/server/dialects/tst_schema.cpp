#include "server/dialects/errortext.h"
#include "tests/server/dialects/hubbench.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

/// The schema that programs are written against names what the server has, and nothing else.
class SchemaTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void namesEveryMethod();
    void namesEveryErrorCode();
    void namesEveryKindStateAndStage();

private:
    [[nodiscard]] QStringList enumOf(const QString &definition) const;

    QJsonObject m_definitions;
};

void SchemaTest::initTestCase()
{
    QFile file(QStringLiteral(SCHEMA_FILE));
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
    m_definitions = QJsonDocument::fromJson(file.readAll()).object().value("$defs"_L1).toObject();
    QVERIFY(!m_definitions.isEmpty());
}

void SchemaTest::namesEveryMethod()
{
    static const QRegularExpression ofSession(
        u"^(session\\.(hello|auth|pong)|topic\\..*|pair\\.request)$"_s);
    QStringList named;
    for (const QString &key : m_definitions.keys()) {
        if (!key.endsWith(".params"_L1))
            continue;
        const QString method = key.chopped(7);
        QVERIFY2(m_definitions.contains(method + ".result"_L1), qPrintable(method));
        if (!ofSession.match(method).hasMatch())
            named.append(method);
    }
    named.sort();
    const tests::HubBench bench;
    QCOMPARE(named, bench.dialects.methodNames());
}

void SchemaTest::namesEveryErrorCode()
{
    QStringList known;
    for (int code = 0;; ++code) {
        const QString name = core::errorCodeName(core::ErrorCode(code));
        if (name.isEmpty())
            break;
        known.append(name);
    }
    known.sort();
    QStringList named = enumOf(u"ErrorCode"_s);
    named.sort();
    QCOMPARE(named, known);
}

void SchemaTest::namesEveryKindStateAndStage()
{
    for (const QString &kind : enumOf(u"JobKind"_s))
        QVERIFY2(core::jobKindFromName(kind), qPrintable(kind));
    for (const QString &state : enumOf(u"JobState"_s))
        QVERIFY2(core::jobStateFromName(state), qPrintable(state));
    for (const QString &stage : enumOf(u"Stage"_s))
        QVERIFY2(core::stageFromName(stage), qPrintable(stage));
}

QStringList SchemaTest::enumOf(const QString &definition) const
{
    QStringList names;
    const QJsonArray values = m_definitions.value(definition).toObject().value("enum"_L1).toArray();
    for (const QJsonValue &value : values)
        names.append(value.toString());
    return names;
}

QTEST_GUILESS_MAIN(SchemaTest)
#include "tst_schema.moc"
