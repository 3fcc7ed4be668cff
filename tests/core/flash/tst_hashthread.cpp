#include "core/flash/extent.h"
#include "core/flash/hashthread.h"

#include <QTest>

using namespace core;

namespace {

constexpr int Many = 8 * int(HashThread::MostWaiting);

/// What adding the same buffer `Many` times gives.
QByteArray hashed(HashThread::Need need, const std::shared_ptr<const AlignedBuffer> &buffer)
{
    HashThread hash(need);
    for (int i = 0; i < Many; ++i)
        hash.add(buffer, ExtentBytes);
    return hash.finish();
}

} // namespace

class HashThreadTest : public QObject
{
    Q_OBJECT

private slots:
    void hashesAllWhenItIsNeeded()
    {
        Sha256 wanted;
        for (int i = 0; i < Many; ++i)
            wanted.add(m_buffer->first(ExtentBytes));
        QCOMPARE(hashed(HashThread::Need::Certain, m_buffer), wanted.finish());
    }

    /// Adding takes a millionth of the time that hashing takes.
    void givesUpInsteadOfHoldingAnybodyUp()
    {
        QCOMPARE(hashed(HashThread::Need::Spare, m_buffer), QByteArray());
    }

    void hashesWhatIsNotTooMuchAtOnce()
    {
        HashThread spare(HashThread::Need::Spare);
        Sha256 wanted;
        for (size_t i = 0; i < HashThread::MostWaiting; ++i) {
            spare.add(m_buffer, ExtentBytes);
            wanted.add(m_buffer->first(ExtentBytes));
        }
        QCOMPARE(spare.finish(), wanted.finish());
    }

private:
    const std::shared_ptr<const AlignedBuffer> m_buffer =
        std::make_shared<AlignedBuffer>(ExtentBytes);
};

QTEST_GUILESS_MAIN(HashThreadTest)
#include "tst_hashthread.moc"
