#pragma once
#include <QRandomGenerator>
#include <QTcpServer>

namespace tests {

/// A loopback port that nothing listens on, of those that the kernel gives to nobody who does not ask for it
/// (below net.ipv4.ip_local_port_range): a server may still be starting on it. 0: none was found.
inline quint16 freePort()
{
    for (int tries = 0; tries < 100; ++tries) {
        QTcpServer probe;
        const auto port = quint16(QRandomGenerator::global()->bounded(11'000, 32'768));
        if (probe.listen(QHostAddress::LocalHost, port))
            return port;
    }
    return 0;
}

} // namespace tests
