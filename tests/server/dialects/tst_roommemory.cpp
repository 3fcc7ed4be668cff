#include "server/dialects/workflow/roommemory.h"
#include "server/dialects/workflow/toldstates.h"

#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using server::Room;
using server::RoomMemory;
using server::ToldStates;

namespace {

const RoomMemory::Key Tab{u"local"_s, u"page"_s, u"tab"_s};
const Room First{Room::Target::Workflow, u"w1"_s};
const Room Second{Room::Target::Workflow, u"w2"_s};

} // namespace

class RoomMemoryTest final : public QObject
{
    Q_OBJECT
private slots:
    void whatWasMissedComesInOrderAndFromItsRoomsOnly()
    {
        RoomMemory memory;
        memory.tell(First, "before");
        memory.leave(Tab, {First}, QByteArrayList(), 0s);
        memory.tell(First, "a");
        memory.tell(Second, "b");
        memory.tell(First, "c");
        const auto place = memory.comeBack(Tab, 1s);
        QVERIFY(place);
        QCOMPARE(place->rooms, std::set<Room>{First});
        QCOMPARE(place->missed, (QByteArrayList{"a", "c"}));
        QVERIFY(!memory.comeBack(Tab, 1s));
    }

    void whoMissedTooMuchIsToldNoPartOfIt()
    {
        RoomMemory memory;
        memory.leave(Tab, {First}, QByteArrayList(), 0s);
        for (int i = 0; i < 200; ++i)
            memory.tell(First, QByteArray(1024, 'x'));
        const auto place = memory.comeBack(Tab, 1s);
        QVERIFY(place->missed.isEmpty());
        QCOMPARE(place->rooms, std::set<Room>{First});
    }

    void aPlaceIsKeptForAQuarterOfAnHour_data()
    {
        QTest::addColumn<core::Milliseconds>("away");
        QTest::addColumn<bool>("isKept");
        QTest::newRow("15 minutes") << core::Milliseconds(15min) << true;
        QTest::newRow("longer") << core::Milliseconds(15min + 1ms) << false;
    }
    void aPlaceIsKeptForAQuarterOfAnHour()
    {
        QFETCH(const core::Milliseconds, away);
        RoomMemory memory;
        memory.leave(Tab, {First}, QByteArrayList(), 0s);
        QTEST(memory.comeBack(Tab, away).has_value(), "isKept");
    }

    void whatMayNotHaveArrivedIsMissedToo()
    {
        RoomMemory memory;
        ToldStates told;
        told.add("arrived", 0s);
        told.add("a", 5s);
        told.heard(10s);
        memory.leave(Tab, {First}, told.doubtful(), 60s);
        memory.tell(First, "b");
        QCOMPARE(memory.comeBack(Tab, 61s)->missed, (QByteArrayList{"a", "b"}));
    }

    void ofTooManyDoubtfulStatesNoneIsTold()
    {
        ToldStates told;
        for (int i = 0; i < 200; ++i)
            told.add(QByteArray(1024, 'x'), 1s);
        QVERIFY(!told.doubtful());
        told.heard(11s);
        QCOMPARE(told.doubtful(), QByteArrayList());
        RoomMemory memory;
        memory.leave(Tab, {First}, std::nullopt, 0s);
        memory.tell(First, "a");
        QVERIFY(memory.comeBack(Tab, 1s)->missed.isEmpty());
    }

    void nobodyPushesAnotherOwnersClientsOut()
    {
        RoomMemory memory;
        memory.leave(Tab, {First}, QByteArrayList(), 0s);
        for (size_t i = 0; i < 2 * RoomMemory::MostClients; ++i)
            memory.leave({u"eve"_s, u"page"_s, QString::number(i)}, {First}, QByteArrayList(), 1s);
        QVERIFY(memory.comeBack(Tab, 1s));
    }

    void theOldestPlaceMakesRoom()
    {
        RoomMemory memory;
        memory.leave(Tab, {First}, QByteArrayList(), 0s);
        for (size_t i = 0; i < RoomMemory::MostClients; ++i)
            memory.leave({u"local"_s, u"page"_s, QString::number(i)}, {First}, QByteArrayList(),
                         1s);
        QVERIFY(!memory.comeBack(Tab, 1s));
        QVERIFY(memory.comeBack({u"local"_s, u"page"_s, u"0"_s}, 1s));
    }
};

QTEST_GUILESS_MAIN(RoomMemoryTest)
#include "tst_roommemory.moc"
