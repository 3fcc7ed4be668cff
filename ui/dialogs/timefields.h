#pragma once
#include "ui/dialogs/addform.h"

#include <QObject>

class QCheckBox;
class QDateTimeEdit;
class QFormLayout;

namespace ui {

/// Rows of the add dialog that say when a download starts and when it is paused.
class TimeFields final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimeFields)
public:
    /// Adds its rows at the end of `form`, which outlives it.
    TimeFields(QFormLayout &form, QObject *parent);
    ~TimeFields() override;

    /// Writes what stands in the fields into `form`, unchecked.
    void fill(AddForm &form) const;

signals:
    void edited();

private:
    /// A time that counts while its box is checked.
    struct Moment {
        QCheckBox *box = nullptr;
        QDateTimeEdit *time = nullptr;
    };
    [[nodiscard]] Moment addMoment(const QString &name, const QString &label);
    void adapt();

    QFormLayout &m_form;
    QCheckBox *m_paused = nullptr;
    Moment m_start;
    Moment m_stop;
};

} // namespace ui
