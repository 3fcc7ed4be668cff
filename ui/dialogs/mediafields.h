#pragma once
#include "ui/dialogs/addform.h"

#include <QObject>

class QComboBox;
class QFormLayout;
class QLineEdit;

namespace ui {

/// Rows of the add dialog that say whether a link is a file or a page with video or sound, and which
/// video. The rows about video are there only while video is chosen.
class MediaFields final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MediaFields)
public:
    /// Adds its rows at the end of `form`, which outlives it.
    MediaFields(QFormLayout &form, QObject *parent);
    ~MediaFields() override;

    [[nodiscard]] AddForm::Fetch fetch() const;
    /// A format selector of yt-dlp; "" for the best.
    [[nodiscard]] QString format() const;
    /// As written, unchecked.
    [[nodiscard]] QString subtitles() const;

signals:
    void edited();
    /// Emitted after edited(), when rows have come or gone.
    void fetchChanged();

private:
    void makeFetch();
    void makeVideoRows();
    void onFetchChosen();

    QFormLayout &m_form;
    QComboBox *m_fetch = nullptr;
    QComboBox *m_quality = nullptr;
    QLineEdit *m_subtitles = nullptr;
};

} // namespace ui
