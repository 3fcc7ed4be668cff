#include "ui/views/statusline.h"

#include "ui/symbols.h"
#include "ui/text/formatting.h"
#include "ui/views/symbollabel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QToolButton>

namespace ui {

using namespace Qt::StringLiterals;

StatusLine::StatusLine(QWidget *parent)
    : QStatusBar(parent)
    , m_speed(new QLabel)
    , m_counts(new QLabel)
    , m_server(new QLabel)
    , m_copy(new QToolButton)
{
    auto *arrow = new SymbolLabel(symbol(u"staterunning"_s, Tone::Active), 16);
    m_speed->setObjectName(u"totalSpeed"_s);
    m_speed->setMinimumWidth(fontMetrics().horizontalAdvance(u"8888.8 MiB/s"_s));
    m_counts->setObjectName(u"counts"_s);
    m_server->setObjectName(u"server"_s);
    m_server->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_copy->setObjectName(u"copyAddress"_s);
    m_copy->setIcon(symbol(u"copy"_s));
    m_copy->setAutoRaise(true);
    m_copy->setToolTip(tr("Copy the server's address"));
    m_copy->setAccessibleName(m_copy->toolTip());
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_url); });
    setContentsMargins(6, 0, 0, 0);
    addWidget(arrow);
    addWidget(m_speed);
    addWidget(m_counts, 1);
    addPermanentWidget(m_server);
    addPermanentWidget(m_copy);
    setTotals({});
    setServerAddress({});
}

StatusLine::~StatusLine() = default;

void StatusLine::setTotals(const Totals &totals)
{
    m_speed->setText(formatRate(totals.bytesPerSecond));
    m_speed->setAccessibleName(tr("Total speed %1").arg(m_speed->text()));
    m_counts->setText(countsText(totals));
}

void StatusLine::setServerAddress(const QString &url, const QString &fingerprint)
{
    m_url = url;
    m_server->setText(url.isEmpty() ? tr("Server off") : tr("Server at %1").arg(url));
    m_server->setToolTip(
        fingerprint.isEmpty()
            ? QString()
            : tr("SHA-256 fingerprint of the TLS certificate:\n%1").arg(fingerprint));
    m_copy->setVisible(!url.isEmpty());
}

} // namespace ui
