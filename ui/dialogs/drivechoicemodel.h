#pragma once
#include "ui/models/drivelistmodel.h"

#include <QIdentityProxyModel>

namespace ui {

/// The drives with a box to tick for each that may be written with one image. Nothing is ticked but by
/// the user; a drive that goes, or whose medium changes, is unticked.
class DriveChoiceModel final : public QIdentityProxyModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DriveChoiceModel)
public:
    /// `drives` outlives it.
    explicit DriveChoiceModel(DriveListModel &drives, QObject *parent = nullptr);
    ~DriveChoiceModel() override;

    /// What is known about the file before it is opened.
    struct Image {
        qint64 fileBytes = -1; ///< -1: unknown. A drive that holds fewer cannot be chosen.
        QList<core::DriveIdentity> drives; ///< that the file lies on
        friend bool operator==(const Image &, const Image &) = default;
    };
    void setImage(const Image &image);

    /// The ticked drives as they are, by path.
    [[nodiscard]] QList<DriveListModel::Judged> ticked() const;

    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

signals:
    /// The user ticked or unticked a drive; tickedChanged follows.
    void tickedByUser();
    /// Other drives are ticked, or something about them changed.
    void tickedChanged();
    /// A ticked drive was pulled out, swapped, or may not be written any more.
    void lost(const QString &driveName);

private:
    struct Tick {
        core::DriveIdentity drive;
        QString name;
    };
    [[nodiscard]] QString refusal(int row) const;
    [[nodiscard]] bool isTicked(int row) const;
    [[nodiscard]] bool isStillTickable(const core::DriveIdentity &drive) const;
    void untickLost();

    DriveListModel &m_drives;
    QList<Tick> m_ticks;
    Image m_image;
};

} // namespace ui
