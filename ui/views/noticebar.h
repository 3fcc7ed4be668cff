#pragma once
#include <QFrame>
#include <QStringList>

class QLabel;

namespace ui {

/// A bar that says what the user should know, one notice at a time, without stopping the work.
/// Hidden while there is nothing to say.
class NoticeBar final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NoticeBar)
public:
    explicit NoticeBar(QWidget *parent = nullptr);
    ~NoticeBar() override;

    /// Shows `text`, after those not dismissed yet. A text that is waiting already is not repeated.
    void add(const QString &text);
    void dismiss();

private:
    void showFirst();

    QStringList m_notices;
    QLabel *m_text = nullptr;
    QLabel *m_more = nullptr;
};

} // namespace ui
