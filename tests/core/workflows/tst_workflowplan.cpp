#include "core/workflows/placeholders.h"
#include "core/workflows/stepspecjson.h"
#include "tests/core/workflows/workflowbench.h"

using namespace core;
using namespace Qt::StringLiterals;
using tests::WorkflowBench;

class WorkflowPlanTest : public QObject
{
    Q_OBJECT
private slots:
    void wrongFilesAreRefusedNamingStepAndMember_data();
    void wrongFilesAreRefusedNamingStepAndMember();
    void aStepNeedsWhatItsStringsName();
    void withoutATitleTheStepsAreIt();
    void tooManyStepsAreRefused();
    void aLongChainIsNoCircle();
    void placeholdersArePutIn_data();
    void placeholdersArePutIn();
    void aFilledInValueIsNeverLookedAtAgain();
    void argumentsOfACommandAreNeverSplit();
    void outputsOfAgentsMayBeAnything();
};

void WorkflowPlanTest::wrongFilesAreRefusedNamingStepAndMember_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const char *json, const char *said) {
        QTest::newRow(name) << QByteArray(json) << QString::fromLatin1(said);
    };
    row("no steps", "{'title':'t'}", "steps: it is not a list of steps");
    row("an empty list", "{'steps':[]}", "steps: 0 are not 1 to 200");
    row("a step that is text", "{'steps':['fetch']}", "steps[0]: it is not an object");
    row("a title that is a number", "{'title':3,'steps':[{'name':'a','kind':'x'}]}",
        "title: \"3\" is not a string");
    row("no name", "{'steps':[{'kind':'x'}]}",
        "steps[0].name: \"\" is not 1 to 64 letters, digits, _ and -");
    row("a name with a slash", "{'steps':[{'name':'a/b','kind':'x'}]}",
        "steps[0].name: \"a/b\" is not 1 to 64 letters, digits, _ and -");
    row("no kind", "{'steps':[{'name':'a'}]}", "step \"a\": kind: it is missing");
    row("a kind that is a list", "{'steps':[{'name':'a','kind':[]}]}",
        "step \"a\": kind: \"\" is not a string");
    row("a name that is used twice", "{'steps':[{'name':'a','kind':'x'},{'name':'a','kind':'x'}]}",
        "step \"a\": name: it is used twice");
    row("a need that there is not", "{'steps':[{'name':'a','kind':'x','needs':['b']}]}",
        "step \"a\": needs: there is no step \"b\"");
    row("a need that is a number", "{'steps':[{'name':'a','kind':'x','needs':[1]}]}",
        "step \"a\": needs: it is not a list of names of steps");
    row("needs that are text", "{'steps':[{'name':'a','kind':'x','needs':'b'}]}",
        "step \"a\": needs: it is not a list of names of steps");
    row("an output of a step that there is not",
        "{'steps':[{'name':'a','kind':'verify','file':'${b.file}'}]}",
        "step \"a\": needs: there is no step \"b\"");
    row("a placeholder without an end",
        "{'steps':[{'name':'a','kind':'verify','file':'${b.file'}]}",
        "step \"a\": file: \"${b.file\" names no output such as ${fetch.file}; a dollar sign is "
        "$$");
    row("a placeholder without an output",
        "{'steps':[{'name':'a','kind':'x','deep':[{'er':'${b}'}]}]}",
        "step \"a\": deep: er: \"${b}\" names no output such as ${fetch.file}; a dollar sign is "
        "$$");
    row("a step that needs itself", "{'steps':[{'name':'a','kind':'x','needs':['a']}]}",
        "step \"a\": needs: it waits for itself");
    row("a circle of three",
        "{'steps':[{'name':'z','kind':'x'},{'name':'a','kind':'x','needs':['c','z']},"
        "{'name':'b','kind':'x','needs':['a']},{'name':'c','kind':'x','f':'${b.file}'}]}",
        "step \"a\": needs: it waits for itself");
}

void WorkflowPlanTest::wrongFilesAreRefusedNamingStepAndMember()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QString, said);
    const auto plan = WorkflowBench::plan(json);
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(plan.error().context, said);
}

void WorkflowPlanTest::aStepNeedsWhatItsStringsName()
{
    const auto plan = WorkflowBench::plan(
        "{'steps':[{'name':'a','kind':'x'},{'name':'b','kind':'x','needs':['a','a'],"
        "'in':['${a.file}',{'k':'${c.out} $$ ${c.more}'}]},{'name':'c','kind':'x'}]}");
    QVERIFY(plan);
    QCOMPARE(plan->steps[1].needs, QStringList({u"a"_s, u"c"_s}));
    QCOMPARE(plan->steps[0].spec, QByteArray("{}"));
}

void WorkflowPlanTest::withoutATitleTheStepsAreIt()
{
    const auto plan =
        WorkflowBench::plan("{'steps':[{'name':'a','kind':'x'},{'name':'b','kind':'x'}]}");
    QCOMPARE(plan->title, u"a, b"_s);
}

void WorkflowPlanTest::tooManyStepsAreRefused()
{
    QByteArray steps;
    for (int i = 0; i < 201; ++i)
        steps +=
            (i ? ",{'kind':'x','name':'s" : "{'kind':'x','name':'s") + QByteArray::number(i) + "'}";
    QCOMPARE(WorkflowBench::plan("{'steps':[" + steps + "]}").error().context,
             u"steps: 201 are not 1 to 200"_s);
}

void WorkflowPlanTest::aLongChainIsNoCircle()
{
    WorkflowPlan plan;
    for (int i = 0; i < 200; ++i)
        plan.steps.append({.name = u"s%1"_s.arg(i),
                           .kind = u"x"_s,
                           .needs = i < 199 ? QStringList{u"s%1"_s.arg(i + 1)} : QStringList()});
    QVERIFY(checkPlan(plan));
}

void WorkflowPlanTest::placeholdersArePutIn_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("filled");
    QTest::newRow("nothing") << u"plain"_s << u"plain"_s;
    QTest::newRow("alone") << u"${a.file}"_s << u"<a.file>"_s;
    QTest::newRow("in the middle") << u"x${a.file}y${b-2.o_p}z"_s << u"x<a.file>y<b-2.o_p>z"_s;
    QTest::newRow("a dollar sign") << u"$$ $${a.file} $1 $"_s << u"$ ${a.file} $1 $"_s;
    QTest::newRow("three of them") << u"$$${a.file}"_s << u"$<a.file>"_s;
}

void WorkflowPlanTest::placeholdersArePutIn()
{
    QFETCH(const QString, text);
    QFETCH(const QString, filled);
    const auto name = [](const Placeholder &named) -> Result<QString> {
        return u"<%1.%2>"_s.arg(named.step, named.output);
    };
    QCOMPARE(*filledIn(text, name), filled);
}

void WorkflowPlanTest::aFilledInValueIsNeverLookedAtAgain()
{
    const auto tricky = [](const Placeholder &) -> Result<QString> { return u"${b.file}$$"_s; };
    QCOMPARE(*filledIn(u"${a.file}"_s, tricky), u"${b.file}$$"_s);
}

void WorkflowPlanTest::argumentsOfACommandAreNeverSplit()
{
    const auto valueOf = [](const Placeholder &named) -> Result<QString> {
        return named.output == "evil"_L1 ? u"--delete \"x"_s : u"/a b/${c.d}"_s;
    };
    const WorkflowStep step{.name = u"s"_s,
                            .kind = u"command"_s,
                            .spec = "{\"arguments\":[\"rm\"],\"command\":\"cp ${a.file} ${a.evil} "
                                    "\\\"two words\\\" -x${a.evil}\",\"file\":\"${a.file}\"}"};
    const QJsonObject spec = QJsonDocument::fromJson(*filledSpec(step, valueOf)).object();
    QCOMPARE(spec["arguments"_L1].toVariant().toStringList(),
             QStringList({u"cp"_s, u"/a b/${c.d}"_s, u"./--delete \"x"_s, u"two words"_s,
                          u"-x--delete \"x"_s}));
    QCOMPARE(spec["file"_L1].toString(), u"/a b/${c.d}"_s);
}

void WorkflowPlanTest::outputsOfAgentsMayBeAnything()
{
    const QByteArray outputs(
        R"({"n":12.5,"t":"text","b":true,"o":{"k":[1]},"big":9007199254740991})");
    QCOMPARE(*outputValue(outputs, {u"a"_s, u"n"_s}), u"12.5"_s);
    QCOMPARE(*outputValue(outputs, {u"a"_s, u"t"_s}), u"text"_s);
    QCOMPARE(*outputValue(outputs, {u"a"_s, u"b"_s}), u"true"_s);
    QCOMPARE(*outputValue(outputs, {u"a"_s, u"o"_s}), u"{\"k\":[1]}"_s);
    QCOMPARE(*outputValue(outputs, {u"a"_s, u"big"_s}), u"9007199254740991"_s);
    const auto none = outputValue(outputs, {u"a"_s, u"file"_s});
    QCOMPARE(none.error().context, u"step \"a\" made no output \"file\""_s);
}

QTEST_GUILESS_MAIN(WorkflowPlanTest)
#include "tst_workflowplan.moc"
