#pragma once
#include "core/download/afteraction.h"

#include <QObject>

class QCheckBox;
class QFormLayout;
class QLineEdit;

namespace ui {

/// Rows of the add dialog that say what is done with a finished file, besides unpacking it.
class AfterFields final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AfterFields)
public:
    /// Adds its rows at the end of `form`, which outlives it.
    AfterFields(QFormLayout &form, QObject *parent);
    ~AfterFields() override;

    /// In the order in which they are done: moved before a program gets the file. The folder is as
    /// written, unchecked.
    [[nodiscard]] QList<core::AfterAction> actions() const;

signals:
    void edited();

private:
    [[nodiscard]] QLineEdit *addField(const QString &name, const QString &label);
    [[nodiscard]] QCheckBox *addBox(const QString &name, const QString &label);

    QFormLayout &m_form;
    QLineEdit *m_folder = nullptr;
    QLineEdit *m_command = nullptr;
    QCheckBox *m_reveal = nullptr;
    QCheckBox *m_open = nullptr;
};

} // namespace ui
