#pragma once
#include "ui/dialogs/addform.h"

#include <QObject>

class QCheckBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;

namespace ui {

/// Rows of the add dialog that say where else a file is, how it is proved, how fast it may come and
/// which way it goes.
class TransferFields final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TransferFields)
public:
    /// Adds its rows at the end of `form`, which outlives it.
    TransferFields(QFormLayout &form, QObject *parent);
    ~TransferFields() override;

    /// Writes what stands in the fields into `form`, unchecked.
    void fill(AddForm &form) const;
    /// Switches off what does not go with `form`, of which `links` are downloaded.
    void adaptTo(const AddForm &form, qsizetype links);

signals:
    void edited();

private:
    [[nodiscard]] QLineEdit *addField(const QString &name, const QString &label);

    QFormLayout &m_form;
    QPlainTextEdit *m_mirrors = nullptr;
    QCheckBox *m_lookForChecksum = nullptr;
    QLineEdit *m_speedLimit = nullptr;
    QLineEdit *m_proxy = nullptr;
};

} // namespace ui
