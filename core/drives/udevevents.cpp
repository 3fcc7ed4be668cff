#include "core/drives/udevevents.h"

#include <QFile>
#include <QSocketNotifier>

#include <libudev.h>

namespace core {

using namespace Qt::StringLiterals;

namespace {

const char *eventSource()
{
    return QFile::exists(u"/run/udev/control"_s) ? "udev" : "kernel";
}

} // namespace

void UdevEvents::Release::operator()(udev *context) const
{
    udev_unref(context);
}

void UdevEvents::Release::operator()(udev_monitor *monitor) const
{
    udev_monitor_unref(monitor);
}

UdevEvents::UdevEvents(QObject *parent)
    : QObject(parent)
    , m_context(udev_new())
{
    if (m_context)
        m_monitor.reset(udev_monitor_new_from_netlink(m_context.get(), eventSource()));
    if (m_monitor)
        listen();
}

UdevEvents::~UdevEvents() = default;

void UdevEvents::listen()
{
    udev_monitor *monitor = m_monitor.get();
    if (udev_monitor_filter_add_match_subsystem_devtype(monitor, "block", nullptr) < 0
        || udev_monitor_enable_receiving(monitor) < 0)
        return;
    m_readable =
        std::make_unique<QSocketNotifier>(udev_monitor_get_fd(monitor), QSocketNotifier::Read);
    connect(m_readable.get(), &QSocketNotifier::activated, this, &UdevEvents::receive);
}

void UdevEvents::receive()
{
    // Every event counts, one that is lost in a full buffer (ENOBUFS) too: nothing of it is used.
    udev_device_unref(udev_monitor_receive_device(m_monitor.get()));
    emit blockDeviceChanged();
}

} // namespace core
