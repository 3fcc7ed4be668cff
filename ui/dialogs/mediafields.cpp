#include "ui/dialogs/mediafields.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

/// The best video of at most that many lines with the best sound, or the best file that has both.
QString formatOf(int mostLines)
{
    return u"bv*[height<=%1]+ba/b[height<=%1]"_s.arg(mostLines);
}

} // namespace

MediaFields::MediaFields(QFormLayout &form, QObject *parent)
    : QObject(parent)
    , m_form(form)
{
    makeFetch();
    makeVideoRows();
    onFetchChosen();
}

MediaFields::~MediaFields() = default;

AddForm::Fetch MediaFields::fetch() const
{
    return m_fetch->currentData().value<AddForm::Fetch>();
}

QString MediaFields::format() const
{
    return m_quality->currentData().toString();
}

QString MediaFields::subtitles() const
{
    return m_subtitles->text();
}

void MediaFields::makeFetch()
{
    using Fetch = AddForm::Fetch;
    m_fetch = new QComboBox;
    m_fetch->setObjectName(u"fetch"_s);
    m_fetch->setAccessibleName(tr("Fetch"));
    m_fetch->addItem(tr("The file itself"), QVariant::fromValue(Fetch::File));
    m_fetch->addItem(tr("Video of the page (yt-dlp)"), QVariant::fromValue(Fetch::Video));
    m_fetch->addItem(tr("Sound of the page (yt-dlp)"), QVariant::fromValue(Fetch::Sound));
    m_form.addRow(tr("F&etch:"), m_fetch);
    connect(m_fetch, &QComboBox::currentIndexChanged, this, &MediaFields::onFetchChosen);
}

void MediaFields::makeVideoRows()
{
    m_quality = new QComboBox;
    m_quality->setObjectName(u"quality"_s);
    m_quality->setAccessibleName(tr("Quality"));
    m_quality->addItem(tr("Best"), QString());
    for (const int lines : {1080, 720, 480})
        m_quality->addItem(tr("At most %1p").arg(lines), formatOf(lines));
    m_form.addRow(tr("&Quality:"), m_quality);
    m_subtitles = new QLineEdit;
    m_subtitles->setObjectName(u"subtitles"_s);
    m_subtitles->setAccessibleName(tr("Subtitles"));
    m_subtitles->setPlaceholderText(tr("none; or languages such as en, de"));
    m_form.addRow(tr("Su&btitles:"), m_subtitles);
    connect(m_subtitles, &QLineEdit::textChanged, this, [this] { emit edited(); });
}

void MediaFields::onFetchChosen()
{
    const bool isVideo = fetch() == AddForm::Fetch::Video;
    m_form.setRowVisible(m_quality, isVideo);
    m_form.setRowVisible(m_subtitles, isVideo);
    emit edited();
    emit fetchChanged();
}

} // namespace ui
