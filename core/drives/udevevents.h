#pragma once
#include <QObject>

#include <memory>

struct udev;
struct udev_monitor;
class QSocketNotifier;

namespace core {

/// Tells when a block device appears, changes or goes, from the kernel through udevd: after udevd
/// has written its database. Where no udevd runs, straight from the kernel.
/// Threads: lives on the thread that made it.
class UdevEvents : public QObject
{
    Q_OBJECT

public:
    explicit UdevEvents(QObject *parent = nullptr);
    ~UdevEvents() override;

    /// False where the system allows no such socket, as in some sandboxes.
    [[nodiscard]] bool isListening() const { return m_readable != nullptr; }

signals:
    void blockDeviceChanged();

private:
    void listen();
    void receive();

    struct Release {
        void operator()(udev *context) const;
        void operator()(udev_monitor *monitor) const;
    };
    std::unique_ptr<udev, Release> m_context;
    std::unique_ptr<udev_monitor, Release> m_monitor;
    std::unique_ptr<QSocketNotifier> m_readable;
};

} // namespace core
