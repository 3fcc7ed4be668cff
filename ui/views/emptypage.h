#pragma once
#include <QWidget>

class QAction;
class QLabel;
class QToolButton;

namespace ui {

/// What is shown in place of an empty list: why it is empty, and the way on.
class EmptyPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EmptyPage)
public:
    enum class Reason { NoJobs, NothingMatches };

    explicit EmptyPage(QAction &add, QWidget *parent = nullptr);
    ~EmptyPage() override;

    void setReason(Reason reason);

private:
    QLabel *m_title = nullptr;
    QLabel *m_text = nullptr;
    QToolButton *m_add = nullptr;
};

} // namespace ui
