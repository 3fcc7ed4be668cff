#pragma once
#include "ui/text/totals.h"

#include <QStatusBar>

class QLabel;
class QToolButton;

namespace ui {

/// The line at the bottom: total speed, how many jobs, where the server listens.
class StatusLine final : public QStatusBar
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusLine)
public:
    explicit StatusLine(QWidget *parent = nullptr);
    ~StatusLine() override;

    void setTotals(const Totals &totals);
    /// "" when no server runs; `fingerprint` is its certificate's, "" without TLS.
    void setServerAddress(const QString &url, const QString &fingerprint = {});

private:
    QLabel *m_speed = nullptr;
    QLabel *m_counts = nullptr;
    QLabel *m_server = nullptr;
    QToolButton *m_copy = nullptr;
    QString m_url;
};

} // namespace ui
