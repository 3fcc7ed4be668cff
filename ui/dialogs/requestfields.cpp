#include "ui/dialogs/requestfields.h"

#include "ui/dialogs/afterfields.h"
#include "ui/symbols.h"

#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace ui {

using namespace Qt::StringLiterals;

RequestFields::RequestFields(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    makeFold();
    column->addWidget(m_fold);
    m_body = new QWidget;
    m_form = new QFormLayout(m_body);
    m_form->setContentsMargins(0, 0, 0, 0);
    makeFields();
    m_after = new AfterFields(*m_form, this);
    connect(m_after, &AfterFields::edited, this, [this] { emit edited(); });
    column->addWidget(m_body);
    m_body->setVisible(false);
}

RequestFields::~RequestFields() = default;

void RequestFields::makeFold()
{
    m_fold = new QToolButton;
    m_fold->setObjectName(u"advanced"_s);
    m_fold->setText(tr("&Advanced"));
    m_fold->setCheckable(true);
    m_fold->setAutoRaise(true);
    m_fold->setArrowType(Qt::RightArrow);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setFocusPolicy(Qt::StrongFocus);
    connect(m_fold, &QToolButton::toggled, this, [this](bool isOpen) {
        m_fold->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        m_body->setVisible(isOpen);
        layout()->activate(); // tells the dialog at once how much room is needed
        emit folded();
    });
}

void RequestFields::makeFields()
{
    m_user = addField(u"user"_s, tr("&User name:"));
    m_user->setPlaceholderText(tr("for sites that ask for one"));
    m_password = addField(u"password"_s, tr("&Password:"));
    m_password->setEchoMode(QLineEdit::Password);
    m_cookies = addField(u"cookies"_s, tr("Coo&kie file:"));
    m_cookies->setPlaceholderText(tr("cookies.txt, exported from the browser"));
    m_proxy = addField(u"proxy"_s, tr("Pro&xy:"));
    m_proxy->setPlaceholderText(tr("http://host:port, socks5://host:port or none"));
    m_userAgent = addField(u"userAgent"_s, tr("User a&gent:"));
    m_userAgent->setPlaceholderText(tr("what Dray calls itself"));
    m_referer = addField(u"referer"_s, tr("&Referer:"));
    m_referer->setPlaceholderText(tr("the page that the link was found on"));
}

QLineEdit *RequestFields::addField(const QString &name, const QString &label)
{
    auto *field = new QLineEdit;
    field->setObjectName(name);
    field->setAccessibleName(QString(label).remove(u'&').remove(u':'));
    QWidget *line = name == u"cookies" ? withFileButton(field) : field;
    m_form->addRow(label, line);
    qobject_cast<QLabel *>(m_form->labelForField(line))->setBuddy(field);
    connect(field, &QLineEdit::textChanged, this, [this] { emit edited(); });
    return field;
}

QWidget *RequestFields::withFileButton(QLineEdit *field)
{
    auto *widget = new QWidget;
    auto *line = new QHBoxLayout(widget);
    line->setContentsMargins(0, 0, 0, 0);
    auto *choose = new QToolButton;
    choose->setObjectName(u"chooseCookies"_s);
    choose->setIcon(symbol(u"openfolder"_s));
    choose->setToolTip(tr("Choose a cookie file"));
    choose->setAccessibleName(choose->toolTip());
    choose->setFocusPolicy(Qt::TabFocus);
    connect(choose, &QToolButton::clicked, this, &RequestFields::chooseCookies);
    line->addWidget(field, 1);
    line->addWidget(choose);
    return widget;
}

void RequestFields::chooseCookies()
{
    auto *dialog = new QFileDialog(this, tr("Choose a cookie file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, m_cookies, &QLineEdit::setText);
    dialog->open();
}

core::RequestSpec RequestFields::request() const
{
    return {.userAgent = m_userAgent->text().trimmed(),
            .referer = m_referer->text().trimmed(),
            .cookies = m_cookies->text().trimmed(),
            .user = m_user->text().trimmed(),
            .password = m_password->text(),
            .proxy = m_proxy->text().trimmed()};
}

QList<core::AfterAction> RequestFields::after() const
{
    return m_after->actions();
}

} // namespace ui
