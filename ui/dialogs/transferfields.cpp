#include "ui/dialogs/transferfields.h"

#include "ui/dialogs/linesfield.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>

namespace ui {

using namespace Qt::StringLiterals;

TransferFields::TransferFields(QFormLayout &form, QObject *parent)
    : QObject(parent)
    , m_form(form)
{
    m_mirrors = makeLinesField({.name = u"mirrors"_s, .title = tr("Mirrors"), .lines = 3});
    m_mirrors->setPlaceholderText(tr("https://… (other links to the same file, one per line)"));
    m_form.addRow(tr("Mi&rrors:"), m_mirrors);
    connect(m_mirrors, &QPlainTextEdit::textChanged, this, &TransferFields::edited);
    m_lookForChecksum = new QCheckBox(tr("L&ook for a checksum beside the file"));
    m_lookForChecksum->setObjectName(u"lookForChecksum"_s);
    m_lookForChecksum->setToolTip(
        tr("in SHA256SUMS and files like it; a given checksum counts more"));
    m_form.addRow(QString(), m_lookForChecksum);
    connect(m_lookForChecksum, &QCheckBox::toggled, this, &TransferFields::edited);
    m_speedLimit = addField(u"speedLimit"_s, tr("Spee&d limit:"));
    m_speedLimit->setPlaceholderText(tr("none; or per second, such as 500k or 2M"));
    m_proxy = addField(u"proxy"_s, tr("&Proxy:"));
    m_proxy->setPlaceholderText(tr("http://host:port, socks5://host:port or none"));
}

TransferFields::~TransferFields() = default;

void TransferFields::fill(AddForm &form) const
{
    using Look = AddForm::LookForChecksum;
    form.mirrors = m_mirrors->toPlainText();
    form.lookForChecksum = m_lookForChecksum->isChecked() ? Look::Yes : Look::No;
    form.speedLimit = m_speedLimit->text();
    form.request.proxy = m_proxy->text().trimmed();
}

void TransferFields::adaptTo(const AddForm &form, qsizetype links)
{
    const bool isFile = form.fetch == AddForm::Fetch::File;
    const bool isSingle = links <= 1;
    const bool hasChecksum = isSingle && !form.checksum.trimmed().isEmpty();
    m_mirrors->setEnabled(isFile && isSingle);
    m_lookForChecksum->setEnabled(isFile && !hasChecksum);
}

QLineEdit *TransferFields::addField(const QString &name, const QString &label)
{
    auto *field = new QLineEdit;
    field->setObjectName(name);
    field->setAccessibleName(QString(label).remove(u'&').remove(u':'));
    m_form.addRow(label, field);
    connect(field, &QLineEdit::textChanged, this, &TransferFields::edited);
    return field;
}

} // namespace ui
