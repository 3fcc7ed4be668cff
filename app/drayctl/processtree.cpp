#include "app/drayctl/processtree.h"

#include <QDir>
#include <QFile>
#include <QMultiHash>
#include <QSet>

#include <csignal>

namespace app {

using namespace Qt::StringLiterals;

namespace {

/// Of SIGKILL: some may start others faster than they are found. What ends in order may start what
/// helps it to, and is told once.
constexpr int MostRounds = 20;

/// 0 when the process has ended. Its line is "PID (NAME) STATE PARENT …" (proc(5)), and a name may hold
/// anything.
pid_t parentOf(const QString &process)
{
    QFile file(u"/proc/%1/stat"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray line = file.readAll();
    const auto words = line.sliced(line.lastIndexOf(')') + 1).simplified().split(' ');
    return words.size() > 1 ? words[1].toInt() : 0;
}

} // namespace

QList<pid_t> processesBelow(pid_t root)
{
    QMultiHash<pid_t, pid_t> children;
    for (const QString &process : QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs))
        children.insert(parentOf(process), process.toInt());
    QList<pid_t> found = children.values(root);
    for (qsizetype i = 0; i < found.size(); ++i) {
        found += children.values(found[i]);
        children.remove(found[i]); // each once, also when ids were used again while we read
    }
    return found;
}

void signalBelow(pid_t root, int number)
{
    const int rounds = number == SIGKILL ? MostRounds : 1;
    QSet<pid_t> signalled;
    for (int round = 0; round < rounds; ++round) {
        const qsizetype before = signalled.size();
        for (const pid_t process : processesBelow(root)) {
            if (!signalled.contains(process))
                ::kill(process, number);
            signalled.insert(process);
        }
        if (signalled.size() == before)
            return;
    }
}

} // namespace app
